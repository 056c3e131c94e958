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
};

class trace_costs {
public:
    // The profile must outlive it.
    explicit trace_costs(const cost_profile& profile) : m_profile(profile) {}

    // The trace was cleared.
    void restart() {
        m_amounts.clear();
        m_steps = 0;
    }

    // Adds up what is new in the trace, first the calls, then the steps. Calls call_made(call) and
    // step_taken(call, cost, times), `call` being its index in the trace, `cost` what the step costs once.
    template <class CallMade, class StepTaken>
    void add_new(const call_trace& trace, CallMade call_made, StepTaken step_taken) {
        const auto& calls = trace.calls();
        while (m_amounts.size() < calls.size()) {
            const auto call = m_amounts.size();
            m_amounts.emplace_back();
            add(call, m_profile.base(calls[call].function), 1);
            call_made(call);
        }
        for (; m_steps < trace.steps().size(); ++m_steps) {
            const auto& step = trace.steps()[m_steps];
            const auto& cost = m_profile.step(calls[step.call].function, step.step);
            add(step.call, cost, step.times);
            step_taken(step.call, cost, step.times);
        }
    }
    void add_new(const call_trace& trace) {
        add_new(
            trace, [](std::size_t) {}, [](std::size_t, const instruction_cost&, std::int64_t) {});
    }

    const std::vector<call_amounts>& of_calls() const { return m_amounts; }
    const instruction_cost& base(function_number function) const { return m_profile.base(function); }

private:
    void add(std::size_t call, const instruction_cost& cost, std::int64_t times) {
        m_amounts[call].instructions += cost.instructions * times;
        m_amounts[call].loads += cost.loads * times;
        m_amounts[call].stores += cost.stores * times;
    }

    const cost_profile& m_profile;
    std::vector<call_amounts> m_amounts;
    std::size_t m_steps = 0;
};

}  // namespace rxpath
