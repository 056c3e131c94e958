#include "models/cpu/cost_profile.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/cpu/built_in_profile.h"
#include "models/cpu/csv_fields.h"

namespace rxpath {

namespace {

constexpr std::int32_t most_of_a_row = 1'000'000;  // instructions, loads or stores

}  // namespace

const cost_profile& cost_profile::built_in() {
    static const cost_profile profile = parse(built_in_profile, "built-in profile");
    return profile;
}

cost_profile cost_profile::with_assumed_times(double factor) const {
    const auto times = [factor](std::int32_t& n) { n = static_cast<std::int32_t>(std::lround(n * factor)); };
    auto changed = *this;
    for (auto& row : changed.m_rows) {
        if (row.source.rfind("assumed", 0) != 0) continue;
        for (auto* amount : {&row.cost.instructions, &row.cost.loads, &row.cost.stores}) times(*amount);
        changed.put(row);
    }
    return changed;
}

cost_profile cost_profile::parse(std::string_view csv, std::string_view name) {
    return parse({{std::string{name}, std::string{csv}}}, name);
}

cost_profile cost_profile::parse(const std::vector<named_text>& files, std::string_view name) {
    cost_profile profile;
    for (const auto& file : files)
        for_each_profile_line(file.text, file.name, "function,",
                              [&](std::string_view line, const std::string& where) { profile.add_line(line, where); });
    profile.check_complete(name);
    profile.check_sums();
    return profile;
}

void cost_profile::add_line(std::string_view line, const std::string& where) {
    const auto function_name = take_field(line);
    const auto function = function_named(function_name);
    if (!function)
        refuse_profile(where, fmt::format("found function '{}', which the model never calls", function_name));
    profile_row row{*function, std::string{take_field(line)}, {}, {}, where};
    const auto least = row.step.empty() ? 0 : -most_of_a_row;
    for (auto* amount : {&row.cost.instructions, &row.cost.loads, &row.cost.stores})
        *amount = take_number<std::int32_t>(line, where, least, most_of_a_row);
    row.source = line;
    if (!known_source(row.source))
        refuse_profile(where,
                       fmt::format("found source '{}', allowed: measured..., disassembly..., assumed...", row.source));
    add_row(std::move(row), where);
}

void cost_profile::add_row(profile_row row, const std::string& where) {
    const auto& function = describe(row.function);
    const bool twice = std::any_of(m_rows.begin(), m_rows.end(), [&](const profile_row& other) {
        return other.function == row.function && other.step == row.step;
    });
    if (twice) refuse_profile(where, fmt::format("{} {} stands twice", function.name, row.step));
    if (!row.step.empty() && !step_named(function, row.step))
        refuse_profile(where,
                       fmt::format("found step '{}' of {}, allowed: {}", row.step, function.name, function.steps));
    put(row);
    m_rows.push_back(std::move(row));
}

// Where the prices of a row that is right are looked up.
void cost_profile::put(const profile_row& row) {
    const auto part = row.step.empty() ? m_parts.base(row.function)
                                       : m_parts.step(row.function, *step_named(describe(row.function), row.step));
    m_costs[part] = row.cost;
}

// Every function has a base and every step a row, so that nothing is free by oversight.
void cost_profile::check_complete(std::string_view name) const {
    std::array<std::size_t, function_count> rows{};
    for (const auto& row : m_rows) ++rows[static_cast<std::size_t>(row.function)];
    for (const auto number : all_functions()) {
        const auto& function = describe(number);
        const auto found = rows[static_cast<std::size_t>(number)];
        if (found != 1 + function.step_count())
            refuse_profile(std::string{name},
                           fmt::format("{} has {} rows, allowed: one for the base and one for each step of: {}",
                                       function.name, found, function.steps));
    }
}

// A step gives back what the base has too much.
void cost_profile::check_sums() const {
    for (const auto& row : m_rows) {
        const auto& whole = base(row.function);
        const auto least = std::min(
            {whole.instructions + row.cost.instructions, whole.loads + row.cost.loads, whole.stores + row.cost.stores});
        if (!row.step.empty() && least < 0)
            refuse_profile(row.where, fmt::format("{} with step '{}' comes to {}, allowed: 0 or more",
                                                  describe(row.function).name, row.step, least));
    }
}

}  // namespace rxpath
