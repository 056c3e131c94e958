// The named statistics of a run: the same names in tables, --json, [expect], sweeps and CSV files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/host_spec.h"
#include "models/base/measurements.h"

namespace rxpath {

struct statistic {
    std::string name;             // "latency.wire_to_socket.p99_ns"
    std::optional<double> value;  // nothing when there is no number: a ratio of no packets
    std::string_view unit;        // "packets", "ns", "1" for ratios, ...
    std::string_view help;
    bool counted = false;  // a whole number
};

// In a fixed order, always all of them.
std::vector<statistic> statistics_of(const measurements& measured, const host_spec& spec);
// What depends on the machine that simulates; never part of files that must not change from run to run.
std::vector<statistic> wall_statistics(const measurements& measured, double wall_seconds);

// Every name that [expect] may use.
const std::vector<std::string>& statistic_names();

// The smallest sample that at least `share` (0..1] of the samples do not exceed; samples are sorted, and there is one.
picoseconds percentile(const std::vector<picoseconds>& sorted, double share);

}  // namespace rxpath
