// Variants of one scenario side by side, and what the first saves against the last.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/cycle_cause.h"
#include "sim/result/run_result.h"
#include "sim/scenario/scenario.h"
#include "sim/study/path_saving.h"
#include "sim/support/table.h"

namespace rxpath {

// A kernel function that costs differently in the first and in the last variant; by packet of equal fate.
struct function_difference {
    std::string function;
    double first = 0, last = 0;  // instructions
    double saved_cycles = 0;
    double saved() const { return last - first; }
};

// What child processes answered, in the order of the variants, of which there are at least two: to_json(run_result) of
// each, with "fates" (sim/result/fates_json.h).
struct comparison {
    const scenario& from;
    std::vector<json> results;
    path_saving path = path_saving_of(results.front().at("fates"), results.back().at("fates"));

    // A statistic of the variant; nothing when it has no value.
    std::optional<double> find(std::size_t variant, std::string_view name) const;
    // The same; 0 when it has no value.
    double statistic_of(std::size_t variant, std::string_view name) const;
    // What the first variant saves against the last. What is of the path is compared between packets of equal fate, and
    // has no value when fates differ; all else is the difference of the statistics.
    std::optional<double> saved(std::string_view name) const;
    // What [expect] names: "saved.STATISTIC", "ratio.STATISTIC" (the last variant by the first), or a statistic of the
    // first variant. Nothing when it has no value.
    std::optional<double> value(std::string_view name) const;
    // The largest difference first.
    std::vector<function_difference> differing_functions() const;
    // Its core was busy for nearly all of the time, so that latencies and what the application does are of an overload.
    bool core_is_full(std::size_t variant) const;
    double frequency_ghz(std::size_t variant) const;  // of its core
};

// "cause.code.cycles_per_packet"
std::string cause_statistic(cycle_cause cause);
// "stage.napi.cycles_per_packet"
std::string stage_statistic(std::size_t index, std::string_view what);

// {"variants": [...], "fates_differ": false, "saved": {...}}; saved is the last variant minus the first, between
// packets of equal fate; null when fates differ.
json to_json(const comparison& compared);
std::string comparison_text(const comparison& compared, const text_style& style);

}  // namespace rxpath
