#include "sim/study/vary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/support/error.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

constexpr double rounding = 1e-9;                   // of decimal fractions, which are no binary ones
constexpr double largest_whole = 9007199254740992;  // 2^53: up to there a double has them all

[[noreturn]] void refuse(std::string_view found, std::string_view why) {
    throw input_error(fmt::format("--vary: found {}, {}", found, why));
}

number_with_unit number_in(std::string_view range, std::string_view text) {
    number_with_unit parts;
    if (!split_number(text, parts) || !std::isfinite(parts.number))
        refuse(range, "allowed: A..B, A..B:STEP or A..B:*FACTOR");
    return parts;
}

std::string written(double number) {
    const bool whole = number == std::floor(number) && std::abs(number) <= largest_whole;
    return whole ? fmt::format("{:.0f}", number) : fmt::format("{:.12g}", number);
}

// A range from low to high, whose numbers follow one another by a step or a factor.
struct progression {
    double low, high, step;
    bool multiplies;

    // Steps from low to high: whole, if the range comes to its end.
    double steps() const { return multiplies ? std::log(high / low) / std::log(step) : (high - low) / step; }
    double at(double place) const { return multiplies ? low * std::pow(step, place) : low + place * step; }
};

void check(std::string_view range, const progression& numbers) {
    if (numbers.low > numbers.high) refuse(range, "allowed: a range that rises");
    if (!numbers.multiplies && numbers.step <= 0) refuse(range, "allowed: a step above 0");
    if (numbers.multiplies && numbers.step <= 1) refuse(range, "allowed: a factor above 1");
    if (numbers.multiplies && numbers.low <= 0) refuse(range, "allowed: a range that multiplies begins above 0");
    // Compared so that what is no number is refused too.
    if (!(numbers.steps() < static_cast<double>(most_points)))
        refuse(range, fmt::format("allowed: up to {} values", grouped(most_points)));
    const auto last = numbers.at(std::floor(numbers.steps() + rounding));
    if (std::abs(last - numbers.high) > rounding * std::max(1.0, std::abs(numbers.high)))
        refuse(range, fmt::format("which ends at {}, allowed: a range that comes to its end", written(last)));
}

// What stands after the colon: ":16", ":*2"; without it, by ones.
progression progression_of(std::string_view range, double low, const number_with_unit& high, std::string_view by) {
    const bool multiplies = !by.empty() && by[0] == '*';
    if (by.empty()) return {low, high.number, 1, false};
    const auto step = number_in(range, by.substr(multiplies ? 1 : 0));
    const bool unit_fits = step.unit.empty() || (!multiplies && step.unit == high.unit);
    if (!unit_fits) refuse(range, "allowed: a step in the range's unit, a factor without one");
    return {low, high.number, step.number, multiplies};
}

std::vector<std::string> expand_range(std::string_view range, std::size_t dots) {
    const auto colon = range.find(':', dots);
    const auto end = std::min(colon, range.size());
    const auto low = number_in(range, range.substr(0, dots));
    const auto high = number_in(range, range.substr(dots + 2, end - dots - 2));
    if (!low.unit.empty() && low.unit != high.unit) refuse(range, "allowed: a range in one unit");
    const auto by = colon == std::string_view::npos ? std::string_view() : range.substr(colon + 1);
    if (colon != std::string_view::npos && by.empty()) refuse(range, "allowed: a step after the colon");
    const auto numbers = progression_of(range, low.number, high, by);
    check(range, numbers);
    std::vector<std::string> texts;
    const auto last = std::llround(numbers.steps());
    for (long long i = 0; i < last; ++i) texts.push_back(written(numbers.at(static_cast<double>(i))) + high.unit);
    texts.push_back(written(high.number) + high.unit);
    return texts;
}

bool has_ranges(value_kind kind) { return kind != value_kind::text && kind != value_kind::boolean; }

}  // namespace

axis parse_axis(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) refuse(text, "allowed: KEY=VALUE,VALUE,A..B,A..B:STEP,A..B:*FACTOR");
    axis parsed{std::string(text.substr(0, equals)), {}};
    const auto found = find_parameter(parsed.name);
    if (!found) refuse(parsed.name, "no such parameter" + did_you_mean(parsed.name, parameter_names()));
    for (const auto& part : split(text.substr(equals + 1), ',')) {
        const auto dots = has_ranges(found->entry->kind) ? part.find("..") : std::string::npos;
        for (auto& each : dots == std::string::npos ? std::vector{part} : expand_range(part, dots)) {
            value ignored;
            if (!parse_value(*found->entry, each, ignored)) refuse(each, "allowed: " + describe_allowed(*found->entry));
            parsed.texts.push_back(std::move(each));
        }
        if (parsed.texts.size() > most_points)
            refuse(text, fmt::format("allowed: up to {} values", grouped(most_points)));
    }
    return parsed;
}

std::vector<variant> points_of(const std::vector<axis>& axes) {
    std::size_t count = 1;
    for (auto each = axes.begin(); each != axes.end(); ++each) {
        if (std::any_of(axes.begin(), each, [&](const axis& other) { return other.name == each->name; }))
            refuse(each->name, "which is varied twice; allowed: once, with all its values");
        count *= each->texts.size();
        if (count > most_points) refuse(each->name, fmt::format("allowed: up to {} points", grouped(most_points)));
    }
    std::vector<variant> points(1);
    for (const auto& each : axes) points = crossed(points, each.name, each.texts);
    return points;
}

}  // namespace rxpath
