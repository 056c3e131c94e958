#include "models/cpu/cost_profile.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "models/cpu/built_in_profile.h"

namespace rxpath {

namespace {

[[noreturn]] void refuse(const std::string& where, std::string_view why) {
    throw std::invalid_argument(fmt::format("{}: {}", where, why));
}

// Takes the text up to the next comma off the front; the last field keeps its commas.
std::string_view take_field(std::string_view& rest) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto field = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    return field;
}

std::optional<fn> function_named(std::string_view name) {
    for (std::size_t i = 0; i < function_count; ++i)
        if (describe(static_cast<fn>(i)).name == name) return static_cast<fn>(i);
    return std::nullopt;
}

std::optional<std::size_t> step_named(const kernel_function& function, std::string_view name) {
    for (std::size_t i = 0; i < function.step_count(); ++i)
        if (function.step_name(i) == name) return i;
    return std::nullopt;
}

std::int32_t take_number(std::string_view& rest, const std::string& where) {
    const auto field = take_field(rest);
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
    if (error != std::errc{} || end != field.data() + field.size())
        refuse(where, fmt::format("found '{}', allowed: a whole number", field));
    return number;
}

// The file itself, or the CSV files of a folder, sorted by name.
std::vector<std::string> files_of(const std::string& place) {
    std::error_code unreadable;
    if (!std::filesystem::is_directory(place, unreadable)) return {place};
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(place, unreadable))
        if (entry.path().extension() == ".csv") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

bool known_source(std::string_view source) {
    return source.rfind("measured", 0) == 0 || source.rfind("disassembly", 0) == 0 || source.rfind("assumed", 0) == 0;
}

}  // namespace

const cost_profile& cost_profile::built_in() {
    static const cost_profile profile = parse(built_in_profile, "built-in profile");
    return profile;
}

cost_profile cost_profile::load(const std::string& place) {
    if (const auto* shipped = shipped_profile(place)) return parse(shipped, place);
    std::string text;
    for (const auto& file : files_of(place)) {
        std::ifstream in(file);
        if (!in) refuse(file, "cannot be read");
        text.append(std::istreambuf_iterator<char>(in), {});
    }
    return parse(text, place);
}

cost_profile cost_profile::parse(std::string_view csv, std::string_view name) {
    cost_profile profile;
    for (int number = 1; !csv.empty(); ++number) {
        const auto end = std::min(csv.find('\n'), csv.size());
        profile.add_line(csv.substr(0, end), fmt::format("{}:{}", name, number));
        csv.remove_prefix(std::min(end + 1, csv.size()));
    }
    profile.check_complete(name);
    return profile;
}

void cost_profile::add_line(std::string_view line, const std::string& where) {
    const bool header = line.rfind("function,", 0) == 0;
    if (line.empty() || line.front() == '#' || header) return;
    const auto function_name = take_field(line);
    const auto function = function_named(function_name);
    if (!function) refuse(where, fmt::format("found function '{}', which the model never calls", function_name));
    profile_row row{*function, std::string{take_field(line)}, {}, {}};
    row.cost.instructions = take_number(line, where);
    row.cost.loads = take_number(line, where);
    row.cost.stores = take_number(line, where);
    row.source = line;
    if (!known_source(row.source))
        refuse(where, fmt::format("found source '{}', allowed: measured..., disassembly..., assumed...", row.source));
    add_row(std::move(row), where);
}

void cost_profile::add_row(profile_row row, const std::string& where) {
    const auto& function = describe(row.function);
    const bool twice = std::any_of(m_rows.begin(), m_rows.end(), [&](const profile_row& other) {
        return other.function == row.function && other.step == row.step;
    });
    if (twice) refuse(where, fmt::format("{} {} stands twice", function.name, row.step));
    const auto index = static_cast<std::size_t>(row.function);
    if (row.step.empty()) {
        m_base[index] = row.cost;
    } else {
        const auto step = step_named(function, row.step);
        if (!step)
            refuse(where, fmt::format("found step '{}' of {}, allowed: {}", row.step, function.name, function.steps));
        m_steps[index][*step] = row.cost;
    }
    m_rows.push_back(std::move(row));
}

// Every function has a base and every step a row, so that nothing is free by oversight.
void cost_profile::check_complete(std::string_view name) const {
    std::array<std::size_t, function_count> rows{};
    for (const auto& row : m_rows) ++rows[static_cast<std::size_t>(row.function)];
    for (std::size_t i = 0; i < function_count; ++i) {
        const auto& function = describe(static_cast<fn>(i));
        if (rows[i] != 1 + function.step_count())
            refuse(std::string{name},
                   fmt::format("{} has {} rows, allowed: one for the base and one for each step of: {}", function.name,
                               rows[i], function.steps));
    }
}

}  // namespace rxpath
