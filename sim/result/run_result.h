// What a run found, as named numbers: what tables, JSON and databases are made of, and what a child process answers.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/host_spec.h"
#include "models/base/measurements.h"
#include "sim/result/statistics.h"

namespace rxpath {

using json = nlohmann::ordered_json;

// A kernel function's part, all packets together, by packet received.
struct function_cost {
    std::string_view function;
    double calls = 0, instructions = 0, cycles = 0;
};

// Packets that were forwarded by one way.
struct forwarded_part {
    std::string device;
    std::string gateway;  // empty: to their destinations, on the link
    std::uint64_t packets = 0;
};

struct run_result {
    std::vector<statistic> statistics, wall;
    std::vector<function_cost> functions;  // those that were called
    std::vector<forwarded_part> forwarded;
    std::vector<std::string> stalls;  // a sentence a flow that could not go on

    std::optional<double> value(std::string_view name) const;  // of a statistic; the same when simulated anywhere
    double number(std::string_view name) const;                // 0 when it has none
};

run_result result_of(const measurements& measured, const host_spec& spec, double wall_seconds);

// {"name": value, ...}; null without a value.
json to_json(const std::vector<statistic>& statistics);
// [{"device": "nic1", "gateway": "10.0.1.2", "packets": 7}, ...]; null for no gateway.
json to_json(const std::vector<forwarded_part>& forwarded);
// {"statistics": {...}, "wall": {...}, "functions": {NAME: {...}}, "forwarded": [...]}
json to_json(const run_result& result);

}  // namespace rxpath
