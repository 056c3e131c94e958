#include "sim/scenario/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/parameter/value.h"

namespace rxpath {

namespace {

std::optional<double> plain_number(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    number_with_unit parts;
    if (!split_number(text, parts) || !parts.unit.empty()) return {};
    return parts.number;
}

// Numbers that came through a text or a sum may differ in their last bits.
bool nearly_equal(double a, double b) {
    return std::isfinite(b) && std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

std::optional<expectation> parse_range(std::string_view text, std::size_t dots) {
    const auto low = plain_number(text.substr(0, dots)), high = plain_number(text.substr(dots + 2));
    if (!low || !high || *low > *high) return {};
    expectation parsed;
    parsed.low = *low;
    parsed.high = *high;
    return parsed;
}

std::optional<expectation> parse_comparison(std::string_view text) {
    const auto operator_end = std::min(text.find_first_not_of("<>="), text.size());
    const auto comparison = text.substr(0, operator_end);
    const auto bound = plain_number(text.substr(operator_end));
    constexpr std::string_view known[] = {"", "==", ">=", ">", "<=", "<"};
    if (!bound || std::find(std::begin(known), std::end(known), comparison) == std::end(known)) return {};
    expectation parsed;
    parsed.strict = comparison == ">" || comparison == "<";
    if (comparison.find('<') == std::string_view::npos) parsed.low = *bound;
    if (comparison.find('>') == std::string_view::npos) parsed.high = *bound;
    return parsed;
}

}  // namespace

bool expectation::holds(double found) const {
    if (nearly_equal(found, low) || nearly_equal(found, high)) return !strict;
    return found > low && found < high;
}

std::optional<expectation> parse_expectation(std::string_view text) {
    const auto dots = text.find("..");
    auto parsed = dots == std::string_view::npos ? parse_comparison(text) : parse_range(text, dots);
    if (parsed) parsed->text = std::string(text);
    return parsed;
}

std::optional<compared_statistic> parse_compared_statistic(std::string_view name) {
    constexpr std::string_view saved = "saved.", ratio = "ratio.";
    if (name.substr(0, saved.size()) == saved) return {{compared_statistic::saved, name.substr(saved.size())}};
    if (name.substr(0, ratio.size()) == ratio) return {{compared_statistic::ratio, name.substr(ratio.size())}};
    return {};
}

std::vector<std::string> failed_expectations(const std::vector<expectation>& expectations, std::string_view file,
                                             const statistic_lookup& lookup) {
    std::vector<std::string> failures;
    for (const auto& expected : expectations) {
        const auto found = lookup(expected.statistic);
        if (found && expected.holds(*found)) continue;
        failures.push_back(fmt::format("{}:{}: {}: expected {}, found {}", file, expected.line, expected.statistic,
                                       expected.text, found ? fmt::format("{}", *found) : "no value"));
    }
    return failures;
}

}  // namespace rxpath
