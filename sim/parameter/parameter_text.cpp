#include "sim/parameter/parameter_text.h"

#include <fmt/format.h>

#include "sim/parameter/parameters.h"
#include "sim/support/text.h"

namespace rxpath {

namespace {

std::string fallback_text(const parameter& entry) { return entry.fallback.empty() ? "-" : std::string(entry.fallback); }

std::string in_markdown(std::string text) {
    for (auto place = text.find('|'); place != std::string::npos; place = text.find('|', place + 2))
        text.insert(place, "\\");
    return text;
}

}  // namespace

std::string parameters_text(const text_style& style) {
    using side = table::side;
    table out({{"parameter", side::left},
               {"default", side::left},
               {"allowed", side::left},
               {"source", side::left},
               {"help", side::left}});
    for (const auto& entry : parameters()) {
        out.row({std::string(entry.name), fallback_text(entry), describe_allowed_briefly(entry),
                 std::string(entry.source), std::string(entry.help)});
    }
    return out.text(style);
}

std::string assumed_parameters_text(const text_style& style) {
    using side = table::side;
    table out({{"parameter", side::left}, {"default", side::left}, {"plausible", side::left}, {"why", side::left}});
    for (const auto* entry : assumed_parameters()) {
        out.row({std::string(entry->name), fallback_text(*entry),
                 describe_range(entry->kind, {entry->plausible->low, entry->plausible->high}),
                 std::string(entry->plausible->why)});
    }
    return out.text(style);
}

std::string parameters_markdown() {
    std::string text =
        "# Parameters\n\n"
        "Made by `rxpath params --markdown`. In a scenario file, `nic.ring` is `ring` in `[nic.NAME]`; on the command "
        "line and in\n"
        "`[compare]` it is `nic.ring` for all NICs, `nic.NAME.ring` for one. Sysctls are set in `[host] setup` by "
        "`sysctl KEY=VALUE`, or by\n"
        "their names with `--set`, `[compare]` and `--vary`. DEVICE is the name of a device, `all` or `default`.\n\n"
        "Source: a file of the kernel, `choice` for what a study chooses freely, `preset` for what "
        "`models/cpu/core_presets.csv` has with its\n"
        "source, or `assumed` for a number without a source. `cpu.l1d.size` is `l1d.size` in `[cpu]`.\n\n"
        "| parameter | default | allowed | source | |\n| --- | --- | --- | --- | --- |\n";
    for (const auto& entry : parameters()) {
        text += fmt::format("| `{}` | {} | {} | {} | {} |\n", entry.name, fallback_text(entry),
                            in_markdown(describe_allowed_briefly(entry)), entry.source, entry.help);
    }
    return text;
}

}  // namespace rxpath
