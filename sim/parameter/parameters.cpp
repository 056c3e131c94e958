#include "sim/parameter/parameters.h"

#include <fmt/format.h>

#include "models/cpu/core_preset.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

// Splits "nic.nic1.ring" into the name in the table and the device.
std::optional<parameter_match> match(const parameter& entry, std::string_view name) {
    if (entry.name == name) return parameter_match{&entry, ""};
    const bool of_nic = std::holds_alternative<void (*)(nic_spec&, const value&)>(entry.set);
    const auto pattern = of_nic ? fmt::format("nic.DEVICE.{}", entry.name.substr(4)) : std::string(entry.name);
    const auto hole = pattern.find("DEVICE");
    if (hole == std::string::npos) return {};
    const auto head = pattern.substr(0, hole), tail = pattern.substr(hole + 6);
    if (name.size() <= head.size() + tail.size() || name.substr(0, head.size()) != head ||
        name.substr(name.size() - tail.size()) != tail) {
        return {};
    }
    const auto device = name.substr(head.size(), name.size() - head.size() - tail.size());
    if (device.find('.') != std::string_view::npos) return {};
    return parameter_match{&entry, std::string(device)};
}

// Where a parsed setting goes. Each answers how many places took it.
struct setting_target {
    host_spec& spec;
    const parameter& entry;
    const setting& given;
    const value& parsed;
    const std::string& device;

    int operator()(void (*set)(host_spec&, const value&)) const {
        set(spec, parsed);
        return 1;
    }
    int operator()(void (*set)(nic_spec&, const value&)) const {
        int taken = 0;
        for (auto& nic : spec.nics) {
            if (!device.empty() && nic.name != device) continue;
            set(nic, parsed);
            ++taken;
        }
        return taken;
    }
    int operator()(void (*set)(flow_spec&, const value&)) const {
        for (auto& flow : spec.flows) set(flow, parsed);
        return static_cast<int>(spec.flows.size());
    }
    int operator()(by_sysctl) const {
        spec.setup.push_back(fmt::format("sysctl {}={}", given.name, given.text));
        return 1;
    }
    int operator()(by_core_preset) const {
        set_core_number(spec, entry, parsed);
        return 1;
    }
};

// "l1d.size" of "cpu.l1d.size".
std::string_view core_number_name(const parameter& entry) { return entry.name.substr(4); }

bool is_assumed(const parameter& entry, std::string_view cpu_model) {
    if (!std::holds_alternative<by_core_preset>(entry.set)) return entry.plausible.has_value();
    for (const auto& row : core_preset_rows()) {
        if (row.model == cpu_model && row.number == core_number_name(entry)) return row.assumed();
    }
    return false;
}

}  // namespace

std::vector<const parameter*> assumed_parameters(std::string_view cpu_model) {
    std::vector<const parameter*> assumed;
    for (const auto& entry : parameters()) {
        if (is_assumed(entry, cpu_model)) assumed.push_back(&entry);
    }
    return assumed;
}

// The preset has times in nanoseconds and clocks in GHz.
void set_core_number(host_spec& spec, const parameter& entry, const value& parsed) {
    auto in_its_unit = parsed.number;
    if (entry.kind == value_kind::duration) in_its_unit /= 1000;
    if (entry.kind == value_kind::frequency) in_its_unit /= 1e9;
    spec.cpu.numbers[std::string(core_number_name(entry))] = in_its_unit;
}

std::vector<std::string_view> parameter_names() {
    std::vector<std::string_view> names;
    for (const auto& entry : parameters()) names.push_back(entry.name);
    return names;
}

std::optional<parameter_match> find_parameter(std::string_view name) {
    for (const auto& entry : parameters()) {
        if (auto found = match(entry, name)) return found;
    }
    return {};
}

const parameter* find_parameter(std::string_view section, std::string_view key) {
    const auto name = fmt::format("{}.{}", section, key);
    for (const auto& entry : parameters()) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

std::string describe_allowed(const parameter& entry) {
    if (!entry.not_modelled.empty()) return "not to set it; " + std::string(entry.not_modelled);
    if (!entry.choices.empty()) return "one of " + std::string(entry.choices);
    const auto limits = describe_range(entry.kind, entry.range);
    return limits.empty() ? describe(entry.kind) : describe(entry.kind) + ", " + limits;
}

std::string describe_allowed_briefly(const parameter& entry) {
    if (!entry.not_modelled.empty()) return describe_allowed(entry);
    const auto limits = describe_range(entry.kind, entry.range);
    return limits.empty() ? describe_allowed(entry) : limits;
}

bool parse_value(const parameter& entry, std::string_view text, value& parsed) {
    if (!parse_value(entry.kind, entry.range, text, parsed)) return false;
    if (entry.choices.empty()) return true;
    const auto choices = split(entry.choices, '|');
    return std::find(choices.begin(), choices.end(), text) != choices.end();
}

std::optional<std::string> apply(const setting& given, host_spec& spec) {
    const auto found = find_parameter(given.name);
    if (!found) return fmt::format("{}: no such parameter{}", given.name, did_you_mean(given.name, parameter_names()));
    if (!found->entry->not_modelled.empty()) {
        return fmt::format("{}: found {}, allowed: {}", given.name, given.text, describe_allowed(*found->entry));
    }
    value parsed;
    if (!parse_value(*found->entry, given.text, parsed)) {
        return fmt::format("{}: found {}, allowed: {}", given.name, given.text, describe_allowed(*found->entry));
    }
    if (std::visit(setting_target{spec, *found->entry, given, parsed, found->device}, found->entry->set) == 0) {
        return fmt::format("{}: nothing in this scenario takes it", given.name);
    }
    return {};
}

}  // namespace rxpath
