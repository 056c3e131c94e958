// What a scenario's [expect] says must hold: ">= 0.99", "== 0", "10..20" of a statistic, or of how the variants of
// [compare] differ in it.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rxpath {

struct expectation {
    std::string statistic;
    std::string text;  // as written
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool strict = false;  // the bounds themselves are no longer allowed
    std::uint32_t line = 0;

    bool holds(double found) const;
};

constexpr std::string_view allowed_expectations =
    "\">= N\", \"<= N\", \"> N\", \"< N\", \"== N\", \"A..B\" or a number";

// Nothing when the text is no expectation.
std::optional<expectation> parse_expectation(std::string_view text);

// "saved.STATISTIC", the last variant minus the first, or "ratio.STATISTIC", the last by the first.
struct compared_statistic {
    enum { saved, ratio } way;
    std::string_view statistic;
};
// Nothing for the name of a statistic of one run.
std::optional<compared_statistic> parse_compared_statistic(std::string_view name);

// What the run says about a statistic; nothing when it has no value (a ratio of no packets).
using statistic_lookup = std::function<std::optional<double>(std::string_view)>;

// A line for each that does not hold: "FILE:LINE: NAME: expected >= 0.99, found 0.5".
std::vector<std::string> failed_expectations(const std::vector<expectation>& expectations, std::string_view file,
                                             const statistic_lookup& lookup);

}  // namespace rxpath
