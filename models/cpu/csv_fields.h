// The profiles' files, line by line and field by field, with errors that say where.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "models/base/kernel_function.h"

namespace rxpath {

// `where`: file and line.
[[noreturn]] inline void refuse_profile(const std::string& where, std::string_view why) {
    throw std::invalid_argument(fmt::format("{}: {}", where, why));
}

// Calls take(line, where) for each line that is no comment and no header.
template <class Take>
void for_each_profile_line(std::string_view csv, std::string_view name, std::string_view header, Take take) {
    for (int number = 1; !csv.empty(); ++number) {
        const auto end = std::min(csv.find('\n'), csv.size());
        const auto line = csv.substr(0, end);
        if (!line.empty() && line.front() != '#' && line.rfind(header, 0) != 0)
            take(line, fmt::format("{}:{}", name, number));
        csv.remove_prefix(std::min(end + 1, csv.size()));
    }
}

// Takes the text up to the next comma off the front; the last field keeps its commas.
inline std::string_view take_field(std::string_view& rest) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto field = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    return field;
}

// The same of a field that is a whole number.
template <class Number>
Number take_number(std::string_view& rest, const std::string& where, Number least, Number most) {
    const auto field = take_field(rest);
    Number number = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
    if (error != std::errc{} || end != field.data() + field.size() || number < least || number > most)
        refuse_profile(where, fmt::format("found '{}', allowed: a whole number, {} to {}", field, least, most));
    return number;
}

// Numbers of functions and steps by name; nothing when there is none of the name.
std::optional<function_number> function_named(std::string_view name);
std::optional<std::size_t> step_named(const kernel_function& function, std::string_view name);
// Does the source say how the row is known: measured, disassembly or assumed?
bool known_source(std::string_view source);

}  // namespace rxpath
