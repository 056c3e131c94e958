#include "sim/parameter/value.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdlib>

namespace rxpath {

namespace {

std::string_view noun_of(value_kind kind) {
    constexpr std::string_view nouns[] = {"a whole number", "a number",         "true or false", "a text",
                                          "a size",         "a bit rate",       "a packet rate", "a duration",
                                          "a frequency",    "a count of cycles"};
    return nouns[static_cast<std::size_t>(kind)];
}

const unit* find_unit(value_kind kind, std::string_view name) {
    for (const auto& candidate : units_of(kind)) {
        if (candidate.name == name) return &candidate;
    }
    return nullptr;
}

bool parse_boolean(std::string_view text, value& parsed) {
    parsed.number = text == "true" || text == "1" ? 1 : 0;
    return parsed.number == 1 || text == "false" || text == "0";
}

bool parse_number(value_kind kind, std::string_view text, value& parsed) {
    number_with_unit parts;
    if (!split_number(text, parts)) return false;
    double factor = 1;
    if (!units_of(kind).empty()) {
        const auto* unit = find_unit(kind, parts.unit);
        if (!unit) return false;
        factor = unit->factor;
    } else if (!parts.unit.empty()) {
        return false;
    }
    parsed.number = parts.number * factor;
    return kind == value_kind::real || kind == value_kind::packet_rate ||
           std::abs(parsed.number - std::round(parsed.number)) < 1e-6 * std::max(1.0, parsed.number);
}

}  // namespace

const std::vector<unit>& units_of(value_kind kind) {
    static const std::vector<unit> none,
        sizes{{"B", 1}, {"kB", 1e3}, {"KiB", 1024}, {"MB", 1e6}, {"MiB", 1048576}, {"GiB", 1073741824}},
        bit_rates{{"bit", 1}, {"kbit", 1e3}, {"Mbit", 1e6}, {"Gbit", 1e9}},
        packet_rates{{"pps", 1}, {"kpps", 1e3}, {"Mpps", 1e6}},
        durations{{"ps", 1}, {"ns", 1e3}, {"us", 1e6}, {"ms", 1e9}, {"s", 1e12}},
        frequencies{{"Hz", 1}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}}, core_cycles{{"cycles", 1}};
    switch (kind) {
        case value_kind::size:
            return sizes;
        case value_kind::bit_rate:
            return bit_rates;
        case value_kind::packet_rate:
            return packet_rates;
        case value_kind::duration:
            return durations;
        case value_kind::frequency:
            return frequencies;
        case value_kind::core_cycles:
            return core_cycles;
        default:
            return none;
    }
}

std::string describe(value_kind kind) {
    std::vector<std::string_view> names;
    for (const auto& unit : units_of(kind)) names.push_back(unit.name);
    if (names.empty()) return std::string(noun_of(kind));
    return fmt::format("{} with a unit ({})", noun_of(kind), fmt::join(names, ", "));
}

bool split_number(std::string_view text, number_with_unit& parts) {
    std::string digits;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        const char c = text[end];
        if (c == '_' && end > 0) continue;
        if ((c < '0' || c > '9') && c != '.' && !(c == '-' && end == 0)) break;
        digits += c;
    }
    char* parsed_to = nullptr;
    parts.number = std::strtod(digits.c_str(), &parsed_to);
    parts.unit = std::string(text.substr(end));
    return !digits.empty() && digits != "-" && digits != "." && *parsed_to == '\0';
}

bool parse_value(value_kind kind, value_range range, std::string_view text, value& parsed) {
    if (kind == value_kind::text) {
        parsed.text = std::string(text);
        return true;
    }
    if (kind == value_kind::boolean) return parse_boolean(text, parsed);
    return parse_number(kind, text, parsed) && parsed.number >= range.low && parsed.number <= range.high;
}

std::string written_number(value_kind kind, double number) {
    const unit* best = nullptr;
    for (const auto& unit : units_of(kind)) {
        if (!best || (number != 0 && std::fmod(number, unit.factor) == 0 && number >= unit.factor)) best = &unit;
    }
    return best ? fmt::format("{}{}", number / best->factor, best->name) : fmt::format("{}", number);
}

std::string describe_range(value_kind kind, value_range range) {
    if (kind == value_kind::boolean || kind == value_kind::text) return "";
    if (range.high == std::numeric_limits<double>::max()) return "from " + written_number(kind, range.low) + " on";
    return written_number(kind, range.low) + " to " + written_number(kind, range.high);
}

}  // namespace rxpath
