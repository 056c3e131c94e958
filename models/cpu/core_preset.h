// The numbers of a real CPU's core and caches. They are data: models/cpu/core_presets.csv, with the source of each
// number, which begins with "assumed" where there is none.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/cpu/cache.h"

namespace rxpath {

struct core_preset {
    double frequency_ghz = 0;
    double base_cycles_per_instruction = 0;  // sustained, all accesses hitting L1 and all branches predicted
    std::uint32_t l1i_size = 0;              // bytes
    std::uint32_t l1i_latency = 0;           // core cycles: where the stall of a fetch that misses begins
    cache_shape l1d, l2, llc;                // llc: as much of it as one core can fill
    bool llc_inclusive = false;              // of L1 and L2; otherwise a victim cache: it has what left the L2s
    double dram_latency_ns = 0;
    double core_to_core_latency_ns = 0;  // until a line that another core holds is here
    std::uint32_t ddio_ways = 0;         // of the LLC, for what devices write; 0: that goes to memory
    bool next_line_prefetch = false, stride_prefetch = false;
    // Cycles that it takes beyond its instructions.
    std::uint32_t misprediction = 0;
    double cold_mispredictions = 0;                         // in a line of code that was not in the L1I
    std::uint32_t predicted_return = 0, indirect_call = 0;  // without mitigations
    std::uint32_t safe_return = 0, retpoline = 0;           // with the mitigations that Linux chooses on this CPU
    // The share of a miss that out-of-order execution does not hide.
    double exposed_fetch = 0, exposed_load = 0, exposed_store = 0;

    // In core cycles.
    std::uint32_t dram_latency() const { return cycles_of(dram_latency_ns); }
    std::uint32_t core_to_core_latency() const { return cycles_of(core_to_core_latency_ns); }

private:
    std::uint32_t cycles_of(double ns) const { return static_cast<std::uint32_t>(std::lround(ns * frequency_ghz)); }
};

// By their names in the table ("l1d.size") and in its units; a scenario names them "cpu.l1d.size".
using core_numbers = std::map<std::string, double, std::less<>>;

// A row as it stands in the table.
struct core_preset_row {
    std::string model, number;
    double value;
    std::string unit, source;
    bool assumed() const { return source.rfind("assumed", 0) == 0; }
};

const std::vector<core_preset_row>& core_preset_rows();
std::vector<std::string> core_models();

// The model's numbers, with `overrides` in the place of some. Throws std::invalid_argument for a model or a number that
// does not exist, and for caches that cannot be.
core_preset make_core_preset(std::string_view model, const core_numbers& overrides = {});

}  // namespace rxpath
