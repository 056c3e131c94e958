#include "models/cpu/trace_meter.h"

#include <cmath>

namespace rxpath {

work& work::operator+=(const work& other) {
    instructions += other.instructions;
    context_instructions += other.context_instructions;
    loads += other.loads;
    stores += other.stores;
    core_cycles += other.core_cycles;
    return *this;
}

trace_meter::trace_meter(const cost_profile& profile, const cpu_spec& cpu)
    : m_profile(profile),
      m_millicycles_per_instruction(static_cast<std::uint64_t>(std::llround(cpu.cycles_per_instruction * 1000))) {
    for (std::size_t i = 0; i < function_count; ++i)
        m_is_receive[i] = describe(static_cast<fn>(i)).kind == function_kind::receive;
}

void trace_meter::restart() { m_calls = m_steps = 0; }

// Steps may take away: a sum may wrap below zero for a moment, and comes out right with the rest of its call.
void trace_meter::add(work& sum, fn function, const instruction_cost& cost, std::int64_t times) const {
    const auto amount = [times](std::int32_t n) { return static_cast<std::uint64_t>(n * times); };
    auto& instructions = m_is_receive[static_cast<std::size_t>(function)] ? sum.instructions : sum.context_instructions;
    instructions += amount(cost.instructions);
    sum.loads += amount(cost.loads);
    sum.stores += amount(cost.stores);
}

work trace_meter::price_new(const call_trace& trace, std::array<function_total, function_count>* functions) {
    work sum;
    const auto price = [&](fn function, const instruction_cost& cost, std::int64_t times) {
        add(sum, function, cost, times);
        if (functions != nullptr) add((*functions)[static_cast<std::size_t>(function)].done, function, cost, times);
    };
    const auto& calls = trace.calls();
    for (; m_calls < calls.size(); ++m_calls) {
        const auto function = calls[m_calls].function;
        price(function, m_profile.base(function), 1);
        if (functions != nullptr) ++(*functions)[static_cast<std::size_t>(function)].calls;
    }
    for (; m_steps < trace.steps().size(); ++m_steps) {
        const auto& step = trace.steps()[m_steps];
        const auto function = calls[step.call].function;
        price(function, m_profile.step(function, step.step), step.times);
    }
    sum.core_cycles = cycles_of(sum);
    return sum;
}

std::uint64_t trace_meter::cycles_of(const work& done) const {
    const auto instructions = static_cast<std::int64_t>(done.instructions + done.context_instructions);
    if (instructions <= 0) return 0;
    return (static_cast<std::uint64_t>(instructions) * m_millicycles_per_instruction + 500) / 1000;
}

}  // namespace rxpath
