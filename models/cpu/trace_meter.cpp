#include "models/cpu/trace_meter.h"

#include <cmath>
#include <numeric>

namespace rxpath {

work& work::operator+=(const work& other) {
    instructions += other.instructions;
    context_instructions += other.context_instructions;
    loads += other.loads;
    stores += other.stores;
    core_cycles += other.core_cycles;
    for (std::size_t i = 0; i < why.size(); ++i) why[i] += other.why[i];
    return *this;
}

trace_meter::trace_meter(const cost_profile& profile, const cpu_spec& cpu)
    : m_profile(profile), m_core(cpu, code_profile::built_in()), m_footprint(access_profile::built_in()) {
    for (std::size_t i = 0; i < function_count; ++i)
        m_is_receive[i] = describe(static_cast<fn>(i)).kind == function_kind::receive;
}

void trace_meter::restart() {
    m_calls = m_steps = 0;
    m_cycles_of_calls.clear();
    m_footprint.restart();
    m_core.instructions_left_l1();
}

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
    const auto& calls = trace.calls();
    m_cycles_of_calls.resize(calls.size());
    const auto charge = [&](std::size_t call, cycle_cause cause, double amount) {
        sum.why[static_cast<std::size_t>(cause)] += amount;
        m_cycles_of_calls[call] += amount;
        if (functions != nullptr) (*functions)[static_cast<std::size_t>(calls[call].function)].cycles += amount;
    };
    const auto price = [&](std::size_t call, const instruction_cost& cost, std::int64_t times) {
        const auto function = calls[call].function;
        add(sum, function, cost, times);
        if (functions != nullptr) add((*functions)[static_cast<std::size_t>(function)].done, function, cost, times);
        charge(call, cycle_cause::instructions, m_core.execute(cost.instructions * times));
    };
    for (; m_calls < calls.size(); ++m_calls) {
        const auto function = calls[m_calls].function;
        price(m_calls, m_profile.base(function), 1);
        charge(m_calls, cycle_cause::calls, m_core.front_end(function));
        charge(m_calls, cycle_cause::code, m_core.fetch(function));
        if (functions != nullptr) ++(*functions)[static_cast<std::size_t>(function)].calls;
    }
    for (; m_steps < trace.steps().size(); ++m_steps) {
        const auto& step = trace.steps()[m_steps];
        price(step.call, m_profile.step(calls[step.call].function, step.step), step.times);
    }
    m_footprint.visit_new(trace, [&](std::uint32_t call, const line_access& touched) {
        charge(call, cycle_cause::data, m_core.access(calls[call].function, touched));
    });
    const auto cycles_taken = std::accumulate(sum.why.begin(), sum.why.end(), 0.0);
    sum.core_cycles = cycles_taken > 0 ? static_cast<std::uint64_t>(std::llround(cycles_taken)) : 0;
    return sum;
}

}  // namespace rxpath
