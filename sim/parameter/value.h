// Values of parameters as people write them: "10Gbit", "100B", "200kpps", "40ms", "3GHz", 512, true.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace rxpath {

// What a parameter's value is; for quantities also what it is counted in.
enum class value_kind : std::uint8_t {
    integer,
    real,
    boolean,
    text,
    size,         // bytes
    bit_rate,     // bits a second
    packet_rate,  // packets a second
    duration,     // picoseconds
    frequency,    // Hz
    core_cycles,
};

struct unit {
    std::string_view name;
    double factor;  // in what the kind counts in
};

// The units a kind is written with, smallest first; none for plain values.
const std::vector<unit>& units_of(value_kind kind);
// "a size with a unit (B, kB, ...)": for messages.
std::string describe(value_kind kind);

struct value_range {
    double low = 0;
    double high = std::numeric_limits<double>::max();
};

// A parsed value: `number` for all but text; booleans are 0 and 1.
struct value {
    double number = 0;
    std::string text;

    std::uint64_t count() const { return static_cast<std::uint64_t>(std::llround(number)); }
};

// A number and the unit written after it.
struct number_with_unit {
    double number = 0;
    std::string unit;
};
// Splits "10Gbit". False when the text does not begin with a number.
bool split_number(std::string_view text, number_with_unit& parts);

// False when the text is no value of the kind or out of the range.
bool parse_value(value_kind kind, value_range range, std::string_view text, value& parsed);

// A number as parse_value() reads it, in the largest unit that keeps it short: "3GHz", "64KiB", "1.5".
std::string written_number(value_kind kind, double number);

// "1B to 1472B"; empty for kinds that have no bounds.
std::string describe_range(value_kind kind, value_range range);

}  // namespace rxpath
