// Prices a call trace as it grows: what was recorded since the last look is the work of one stage.
#pragma once

#include <vector>

#include "models/base/host_spec.h"
#include "models/base/measurements.h"
#include "models/cpu/core_timing.h"
#include "models/cpu/footprint.h"
#include "models/cpu/kernel_profile.h"
#include "models/cpu/trace_costs.h"

namespace rxpath {

class trace_meter {
public:
    // For core number `core_number` of those that `memory` was made for. Profile and memory must outlive it.
    trace_meter(const kernel_profile& profile, const cpu_spec& cpu, memory_hierarchy& memory,
                std::uint32_t core_number = 0);

    // The trace was cleared; what ran since has taken the L1I, unless the next work follows at once.
    void restart(bool at_once = false);
    // Prices what is new in the trace; `functions` gets it function by function.
    // Cycles are whole, rounded to the nearest; never less than none.
    work price_new(const call_trace& trace, function_totals& functions);

    // Of each call of the trace so far, without its callees.
    const std::vector<double>& cycles_of_calls() const { return m_cycles_of_calls; }
    core_timing& core() { return m_core; }

private:
    // What one look at the trace adds up.
    struct sums {
        work& all;
        function_totals& functions;
    };

    void price_calls_and_steps(const call_trace& trace, const sums& to);
    double price_call(function_number function, const call_amounts& base, const sums& to);
    void price_lines(const call_trace& trace, const sums& to);
    double price(function_number function, const call_amounts& more, const sums& to) const;

    trace_costs m_costs;
    core_timing m_core;
    footprint m_footprint;
    std::array<bool, function_count> m_is_receive{};
    std::array<double, function_count> m_front_end{};  // cycles
    std::vector<double> m_cycles_of_calls;
};

}  // namespace rxpath
