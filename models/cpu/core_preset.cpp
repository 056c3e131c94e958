#include "models/cpu/core_preset.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/cpu/built_in_profile.h"

namespace rxpath {

namespace {

// Where each number of the table goes.
struct number_target {
    std::string_view name;
    void (*set)(core_preset& preset, double value);
};

template <class Integer>
void assign(Integer& target, double value) {
    target = static_cast<Integer>(value);
}

// clang-format off
constexpr number_target targets[] = {
    {"frequency", [](core_preset& p, double v) { p.frequency_ghz = v; }},
    {"base_cycles_per_instruction", [](core_preset& p, double v) { p.base_cycles_per_instruction = v; }},
    {"l1d.size", [](core_preset& p, double v) { assign(p.l1d.size, v); }},
    {"l1d.ways", [](core_preset& p, double v) { assign(p.l1d.ways, v); }},
    {"l1d.latency", [](core_preset& p, double v) { assign(p.l1d.latency, v); }},
    {"l1i.size", [](core_preset& p, double v) { assign(p.l1i_size, v); }},
    {"l1i.latency", [](core_preset& p, double v) { assign(p.l1i_latency, v); }},
    {"l2.size", [](core_preset& p, double v) { assign(p.l2.size, v); }},
    {"l2.ways", [](core_preset& p, double v) { assign(p.l2.ways, v); }},
    {"l2.latency", [](core_preset& p, double v) { assign(p.l2.latency, v); }},
    {"llc.size", [](core_preset& p, double v) { assign(p.llc.size, v); }},
    {"llc.ways", [](core_preset& p, double v) { assign(p.llc.ways, v); }},
    {"llc.latency", [](core_preset& p, double v) { assign(p.llc.latency, v); }},
    {"llc.inclusive", [](core_preset& p, double v) { p.llc_inclusive = v != 0; }},
    {"dram_latency", [](core_preset& p, double v) { p.dram_latency_ns = v; }},
    {"core_to_core_latency", [](core_preset& p, double v) { p.core_to_core_latency_ns = v; }},
    {"ddio", [](core_preset& p, double v) { assign(p.ddio_ways, v); }},
    {"prefetch.next_line", [](core_preset& p, double v) { p.next_line_prefetch = v != 0; }},
    {"prefetch.stride", [](core_preset& p, double v) { p.stride_prefetch = v != 0; }},
    {"misprediction", [](core_preset& p, double v) { assign(p.misprediction, v); }},
    {"cold_mispredictions", [](core_preset& p, double v) { p.cold_mispredictions = v; }},
    {"return", [](core_preset& p, double v) { assign(p.predicted_return, v); }},
    {"indirect_call", [](core_preset& p, double v) { assign(p.indirect_call, v); }},
    {"safe_return", [](core_preset& p, double v) { assign(p.safe_return, v); }},
    {"retpoline", [](core_preset& p, double v) { assign(p.retpoline, v); }},
    {"exposed_fetch", [](core_preset& p, double v) { p.exposed_fetch = v; }},
    {"exposed_load", [](core_preset& p, double v) { p.exposed_load = v; }},
    {"exposed_store", [](core_preset& p, double v) { p.exposed_store = v; }},
};
// clang-format on

void set_number(core_preset& preset, std::string_view name, double value) {
    const auto* target =
        std::find_if(std::begin(targets), std::end(targets), [&](const auto& each) { return each.name == name; });
    if (target == std::end(targets)) throw std::invalid_argument(fmt::format("no number is called '{}'", name));
    target->set(preset, value);
}

void check_caches(const core_preset& preset) {
    const std::pair<std::string_view, const cache_shape&> caches[] = {
        {"l1d", preset.l1d}, {"l2", preset.l2}, {"llc", preset.llc}};
    for (const auto& [name, shape] : caches) {
        const auto problem = problem_of(shape);
        if (!problem.empty()) throw std::invalid_argument(fmt::format("{}: {}", name, problem));
    }
}

core_preset_row parse_row(const std::string& line) {
    std::istringstream fields(line);
    core_preset_row row;
    std::string value;
    std::getline(fields, row.model, ',');
    std::getline(fields, row.number, ',');
    std::getline(fields, value, ',');
    std::getline(fields, row.unit, ',');
    std::getline(fields, row.source);
    row.value = std::stod(value);
    return row;
}

std::vector<core_preset_row> parse_rows(const char* csv) {
    std::vector<core_preset_row> rows;
    std::istringstream lines(csv);
    std::string line;
    while (std::getline(lines, line)) {
        if (line.empty() || line.front() == '#' || line.rfind("model,", 0) == 0) continue;
        rows.push_back(parse_row(line));
    }
    return rows;
}

}  // namespace

const std::vector<core_preset_row>& core_preset_rows() {
    static const auto rows = parse_rows(built_in_core_presets);
    return rows;
}

std::vector<std::string> core_models() {
    std::vector<std::string> models;
    for (const auto& row : core_preset_rows()) {
        if (models.empty() || models.back() != row.model) models.push_back(row.model);
    }
    return models;
}

core_preset make_core_preset(std::string_view model, const core_numbers& overrides) {
    core_preset preset;
    bool known = false;
    for (const auto& row : core_preset_rows()) {
        if (row.model != model) continue;
        known = true;
        set_number(preset, row.number, row.value);
    }
    if (!known) {
        throw std::invalid_argument(fmt::format("model: found {}, allowed: {}", model, fmt::join(core_models(), ", ")));
    }
    for (const auto& [name, value] : overrides) set_number(preset, name, value);
    check_caches(preset);
    return preset;
}

}  // namespace rxpath
