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

void add_cost(work& sum, function_kind kind, const instruction_cost& cost, std::int64_t times) {
    // Some steps take instructions away: a sum may wrap below zero and comes out right with the rest of its call.
    const auto amount = [times](std::int32_t n) { return static_cast<std::uint64_t>(n * times); };
    (kind == function_kind::receive ? sum.instructions : sum.context_instructions) += amount(cost.instructions);
    sum.loads += amount(cost.loads);
    sum.stores += amount(cost.stores);
}

trace_meter::trace_meter(const cost_profile& profile, const cpu_spec& cpu)
    : m_profile(profile),
      m_millicycles_per_instruction(static_cast<std::uint64_t>(std::llround(cpu.cycles_per_instruction * 1000))) {}

void trace_meter::restart() { m_calls = m_steps = 0; }

work trace_meter::price_new(const call_trace& trace, std::array<function_total, function_count>* functions) {
    work sum;
    const auto add = [&](fn function, const instruction_cost& cost, std::int64_t times) {
        const auto kind = describe(function).kind;
        add_cost(sum, kind, cost, times);
        if (functions != nullptr) add_cost((*functions)[static_cast<std::size_t>(function)].done, kind, cost, times);
    };
    for (; m_calls < trace.calls().size(); ++m_calls) {
        const auto function = trace.calls()[m_calls].function;
        add(function, m_profile.base(function), 1);
        if (functions != nullptr) ++(*functions)[static_cast<std::size_t>(function)].calls;
    }
    for (; m_steps < trace.steps().size(); ++m_steps) {
        const auto& step = trace.steps()[m_steps];
        const auto function = trace.calls()[step.call].function;
        add(function, m_profile.step(function, step.step), step.times);
    }
    const auto instructions = static_cast<std::int64_t>(sum.instructions + sum.context_instructions);
    if (instructions > 0)
        sum.core_cycles = (static_cast<std::uint64_t>(instructions) * m_millicycles_per_instruction + 500) / 1000;
    return sum;
}

}  // namespace rxpath
