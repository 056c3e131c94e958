// What the calls of a trace cost by the profile: each its function's base and the steps that it took, added up here and
// nowhere else. Without callees.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/call_trace.h"
#include "models/cpu/cost_profile.h"

namespace rxpath {

// Of one call. Steps may take away: a sum is right when the call is over.
struct call_amounts {
    std::int64_t instructions = 0, loads = 0, stores = 0;

    call_amounts& operator+=(const call_amounts& more) {
        instructions += more.instructions;
        loads += more.loads;
        stores += more.stores;
        return *this;
    }
};

class trace_costs {
public:
    // The profile must outlive it.
    explicit trace_costs(const cost_profile& profile) : m_profile(profile) {}

    // The trace was cleared.
    void restart() { m_calls = m_steps = 0; }

    // Looks at what is new in the trace, first the calls, then the steps. Calls call_made(call, amounts) and
    // step_taken(call, amounts) with the call's index in the trace and what its base or the step adds to it.
    template <class CallMade, class StepTaken>
    void visit_new(const call_trace& trace, CallMade call_made, StepTaken step_taken) {
        const auto& calls = trace.calls();
        for (; m_calls < calls.size(); ++m_calls)
            call_made(m_calls, amounts_of(m_profile.base(calls[m_calls].function), 1));
        for (; m_steps < trace.steps().size(); ++m_steps) {
            const auto& step = trace.steps()[m_steps];
            step_taken(step.call, amounts_of(m_profile.step(calls[step.call].function, step.step), step.times));
        }
    }

    // Of each call of a whole trace; good until it is asked again.
    const std::vector<call_amounts>& of_calls(const call_trace& trace) {
        restart();
        m_amounts.resize(trace.calls().size());
        visit_new(
            trace, [this](std::size_t call, const call_amounts& base) { m_amounts[call] = base; },
            [this](std::size_t call, const call_amounts& step) { m_amounts[call] += step; });
        return m_amounts;
    }

private:
    static call_amounts amounts_of(const instruction_cost& cost, std::int64_t times) {
        return {cost.instructions * times, cost.loads * times, cost.stores * times};
    }

    const cost_profile& m_profile;
    std::vector<call_amounts> m_amounts;
    std::size_t m_calls = 0, m_steps = 0;
};

}  // namespace rxpath
