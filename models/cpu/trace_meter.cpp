#include "models/cpu/trace_meter.h"

#include <cmath>
#include <numeric>

namespace rxpath {

namespace {

std::size_t index_of(function_number function) { return static_cast<std::size_t>(function); }
double& part_of(work& done, cycle_cause cause) { return done.why[static_cast<std::size_t>(cause)]; }

}  // namespace

trace_meter::trace_meter(const kernel_profile& profile, const cpu_spec& cpu, memory_hierarchy& memory,
                         std::uint32_t core_number)
    : m_costs(profile.costs), m_core(cpu, profile.code, memory, core_number), m_footprint(access_profile::built_in()) {
    for (const auto function : all_functions()) {
        m_is_receive[index_of(function)] = describe(function).kind == function_kind::receive;
        m_front_end[index_of(function)] = m_core.front_end(function);
    }
}

void trace_meter::restart(bool at_once) {
    m_costs.restart();
    m_cycles_of_calls.clear();
    m_footprint.restart();
    if (!at_once) m_core.instructions_left_l1();
}

// Steps may take away: a sum may wrap below zero for a moment, and comes out right with the rest of its call.
double trace_meter::price(function_number function, const call_amounts& more, const sums& to) const {
    const auto amount = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
    (m_is_receive[index_of(function)] ? to.all.instructions : to.all.context_instructions) += amount(more.instructions);
    to.all.loads += amount(more.loads);
    to.all.stores += amount(more.stores);
    to.functions[index_of(function)].instructions += more.instructions;
    const auto taken = m_core.execute(more.instructions);
    part_of(to.all, cycle_cause::instructions) += taken;
    return taken;
}

double trace_meter::price_call(function_number function, const call_amounts& base, const sums& to) {
    const auto front_end = m_front_end[index_of(function)], fetch = m_core.fetch(function, to.all.found);
    part_of(to.all, cycle_cause::calls) += front_end;
    part_of(to.all, cycle_cause::code) += fetch;
    const auto taken = price(function, base, to) + front_end + fetch;
    auto& total = to.functions[index_of(function)];
    ++total.calls;
    total.cycles += taken;
    return taken;
}

void trace_meter::price_calls_and_steps(const call_trace& trace, const sums& to) {
    const auto& calls = trace.calls();
    m_cycles_of_calls.resize(calls.size());
    m_costs.visit_new(
        trace,
        [&](std::size_t call, const call_amounts& base) {
            m_cycles_of_calls[call] = price_call(calls[call].function, base, to);
        },
        [&](std::size_t call, const call_amounts& step) {
            const auto taken = price(calls[call].function, step, to);
            m_cycles_of_calls[call] += taken;
            to.functions[index_of(calls[call].function)].cycles += taken;
        });
}

void trace_meter::price_lines(const call_trace& trace, const sums& to) {
    const auto before = m_core.memory().counts().served_by;
    m_footprint.visit_new(trace, [&](std::uint32_t call, const line_access& touched) {
        const auto function = trace.calls()[call].function;
        const auto waited = m_core.access(function, touched);
        if (waited == 0) return;
        part_of(to.all, cycle_cause::data) += waited;
        m_cycles_of_calls[call] += waited;
        to.functions[index_of(function)].cycles += waited;
    });
    const auto& after = m_core.memory().counts().served_by;
    for (std::size_t i = 0; i < memory_level_count; ++i) to.all.found.data[i] = after[i] - before[i];
}

work trace_meter::price_new(const call_trace& trace, function_totals& functions) {
    work done;
    const sums to{done, functions};
    price_calls_and_steps(trace, to);
    price_lines(trace, to);
    const auto cycles_taken = std::accumulate(done.why.begin(), done.why.end(), 0.0);
    done.core_cycles = cycles_taken > 0 ? static_cast<std::uint64_t>(std::llround(cycles_taken)) : 0;
    return done;
}

}  // namespace rxpath
