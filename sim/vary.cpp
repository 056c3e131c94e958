#include "sim/vary.h"

#include <fmt/format.h>

#include <cmath>

#include "sim/error.h"
#include "sim/text.h"

namespace rxpath {

namespace {

constexpr std::size_t most_values = 100'000;

[[noreturn]] void refuse(std::string_view found, std::string_view why) {
    throw input_error(fmt::format("--vary: found {}, {}", found, why));
}

number_with_unit number_in(std::string_view range, std::string_view text) {
    number_with_unit parts;
    if (!split_number(text, parts)) refuse(range, "allowed: A..B or A..B:STEP");
    return parts;
}

// a, 2a, 4a, ... up to b.
std::vector<double> doubling(std::string_view range, double low, double high) {
    if (low <= 0) refuse(range, "allowed: a range that doubles begins above 0");
    std::vector<double> numbers;
    for (double number = low; number <= high; number *= 2) numbers.push_back(number);
    return numbers;
}

std::vector<double> linear(std::string_view range, double low, double high, double step) {
    if (step <= 0 || (high - low) / step > static_cast<double>(most_values)) refuse(range, "allowed: a step above 0");
    std::vector<double> numbers;
    const auto count = static_cast<std::size_t>(std::floor((high - low) / step + 1e-9));
    for (std::size_t i = 0; i <= count; ++i) numbers.push_back(low + static_cast<double>(i) * step);
    return numbers;
}

std::vector<std::string> expand_range(std::string_view range, std::size_t dots) {
    const auto colon = range.find(':', dots);
    const auto low = number_in(range, range.substr(0, dots));
    const auto high =
        number_in(range, range.substr(dots + 2, colon == std::string_view::npos ? colon : colon - dots - 2));
    const bool same_unit = low.unit.empty() || low.unit == high.unit;
    if (!same_unit || low.number > high.number) refuse(range, "allowed: a range that rises, in one unit");
    std::vector<double> numbers;
    if (colon == std::string_view::npos) {
        numbers = doubling(range, low.number, high.number);
    } else {
        const auto step = number_in(range, range.substr(colon + 1));
        if (!step.unit.empty() && step.unit != high.unit) refuse(range, "allowed: a step in the range's unit");
        numbers = linear(range, low.number, high.number, step.number);
    }
    std::vector<std::string> texts;
    for (const auto number : numbers) texts.push_back(fmt::format("{:.12g}{}", number, high.unit));
    return texts;
}

}  // namespace

axis parse_axis(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) refuse(text, "allowed: KEY=VALUE,VALUE,A..B,A..B:STEP");
    axis parsed{std::string(text.substr(0, equals)), {}};
    const auto found = find_parameter(parsed.name);
    if (!found) refuse(parsed.name, "no such parameter" + did_you_mean(parsed.name, parameter_names()));
    for (const auto& part : split(text.substr(equals + 1), ',')) {
        const auto dots = part.find("..");
        for (auto& each : dots == std::string::npos ? std::vector{part} : expand_range(part, dots)) {
            value ignored;
            if (!parse_value(*found->entry, each, ignored)) refuse(each, "allowed: " + describe_allowed(*found->entry));
            parsed.texts.push_back(std::move(each));
        }
    }
    return parsed;
}

std::vector<variant> points_of(const std::vector<axis>& axes) {
    std::vector<variant> points(1);
    for (const auto& each : axes) points = crossed(points, each.name, each.texts);
    return points;
}

}  // namespace rxpath
