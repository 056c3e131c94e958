#include <fmt/format.h>

#include <algorithm>

#include "models/base/net_device.h"
#include "sim/scenario/scenario_draft.h"

namespace rxpath {

namespace {

void read_section(toml_section& file, std::string_view name, scenario_draft& draft) {
    const auto errors_before = draft.errors.count();
    if (const auto* table = file.take_table(name, fmt::format("a table that begins with [{}]", name))) {
        toml_section section(*table, std::string(name), draft.errors);
        if (name == "run") draft.lines.run = section.line();
        section.take_parameters(name, draft.result.host);
    }
    if (name == "run") draft.broken.run = draft.errors.count() != errors_before;
}

// A host that nobody configured has an address and a default route.
void configure_by_default(scenario_draft& draft) {
    auto& host = draft.result.host;
    host.setup = {fmt::format("ip addr add 10.0.0.1/24 dev {}", host.nics.front().name),
                  "ip route add default via 10.0.0.2"};
    draft.lines.setup = {0, 0};
}

void read_host(toml_section& file, scenario_draft& draft) {
    const auto* table = file.take_table("host", "a table that begins with [host]");
    if (!table || !table->contains("setup")) configure_by_default(draft);
    if (!table) return;
    toml_section section(*table, "host", draft.errors);
    if (const auto* cores = section.take("cores"); cores && cores->value_exact<std::int64_t>() != 1) {
        draft.errors.wrong_value(*cores, "host.cores", "1; hosts of several cores are not modelled yet");
    }
    section.take_parameters("host", draft.result.host);
    const auto errors_before = draft.errors.count();
    for (auto& [command, line] : section.take_texts("setup")) {
        draft.result.host.setup.push_back(command);
        draft.lines.setup.push_back(line);
    }
    draft.broken.setup = draft.errors.count() != errors_before;
}

// [nic.NAME]: in the order of the file, because that gives them their ifindex.
void read_nics(toml_section& file, scenario_draft& draft) {
    constexpr std::string_view allowed = "a table that begins with [nic.NAME]";
    const auto* table = file.take_table("nic", allowed);
    if (!table) return;
    std::vector<std::pair<const toml::table*, std::string>> nics;
    for (const auto& [key, node] : *table) {
        if (const auto* nic = node.as_table()) {
            nics.emplace_back(nic, std::string(key.str()));
        } else {
            draft.errors.wrong_value(node, "nic." + std::string(key.str()), allowed);
        }
    }
    std::sort(nics.begin(), nics.end(), [](auto& a, auto& b) { return line_of(*a.first) < line_of(*b.first); });
    for (const auto& [nic, name] : nics) {
        if (!dev_valid_name(name))
            draft.errors.add(line_of(*nic), "nic", fmt::format("found \"{}\", allowed: {}", name, valid_device_names));
        toml_section section(*nic, "nic." + name, draft.errors);
        auto& spec = draft.result.host.nics.emplace_back();
        spec.name = name;
        section.take_parameters("nic", spec);
    }
}

}  // namespace

void read_machine(toml_section& file, scenario_draft& draft) {
    for (const auto* name : {"run", "cpu", "wire", "napi", "routing", "application"}) read_section(file, name, draft);
    read_nics(file, draft);
    if (draft.result.host.nics.empty()) draft.result.host.nics.emplace_back();
    read_host(file, draft);
}

}  // namespace rxpath
