// Variants of one scenario side by side, and what the first saves against the last.
#pragma once

#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/cycle_cause.h"
#include "sim/run_result.h"
#include "sim/scenario.h"
#include "sim/table.h"

namespace rxpath {

// A kernel function that costs differently in the first and in the last variant; by packet.
struct function_difference {
    std::string function;
    double first = 0, last = 0;  // instructions
    double saved_cycles = 0;
    double saved() const { return last - first; }
};

// What child processes answered: to_json(run_result) of each variant, in their order; at least two.
struct comparison {
    const scenario& from;
    std::vector<json> results;

    // 0 when it has no value.
    double statistic_of(std::size_t variant, const std::string& name) const;
    double first(const std::string& name) const { return statistic_of(0, name); }
    double last(const std::string& name) const { return statistic_of(results.size() - 1, name); }
    double saved(const std::string& name) const { return last(name) - first(name); }
    // What [expect] names: "saved.STATISTIC", "ratio.STATISTIC" (the last variant by the first), or a statistic of the
    // first variant. Nothing when it has no value.
    std::optional<double> value(std::string_view name) const;
    // The largest difference first.
    std::vector<function_difference> differing_functions() const;
};

// The causes of cycles, "fixed" last.
constexpr std::string_view compared_causes[] = {to_string(cycle_cause::instructions), to_string(cycle_cause::calls),
                                                to_string(cycle_cause::code), to_string(cycle_cause::data), "fixed"};
static_assert(std::size(compared_causes) == cycle_cause_count + 1);
// "cause.code.cycles_per_packet"
std::string cause_statistic(std::string_view cause);
// "stage.napi.cycles_per_packet"
std::string stage_statistic(std::size_t index, std::string_view what);

// {"variants": [...], "saved": {...}}; saved is the last variant minus the first.
json to_json(const comparison& compared);
std::string comparison_text(const comparison& compared, const text_style& style);

}  // namespace rxpath
