// Prices a call trace as it grows: what was recorded since the last look is the work of one stage.
#pragma once

#include "models/cpu/cost_profile.h"
#include "models/host_spec.h"
#include "models/measurements.h"

namespace rxpath {

class trace_meter {
public:
    trace_meter(const cost_profile& profile, const cpu_spec& cpu);

    // The trace was cleared.
    void restart();
    // Prices what is new in the trace; `functions`, if given, gets it function by function.
    // Cycles are whole: the instructions at the core's rate, rounded to the nearest.
    work price_new(const call_trace& trace, std::array<function_total, function_count>* functions);

private:
    void add(work& sum, fn function, const instruction_cost& cost, std::int64_t times) const;
    std::uint64_t cycles_of(const work& done) const;

    const cost_profile& m_profile;
    std::uint64_t m_millicycles_per_instruction;
    std::array<bool, function_count> m_is_receive{};
    std::size_t m_calls = 0, m_steps = 0;
};

}  // namespace rxpath
