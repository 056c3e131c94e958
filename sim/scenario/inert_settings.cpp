#include "sim/scenario/inert_settings.h"

#include <fmt/format.h>

#include "models/base/sysctl_table.h"

namespace rxpath {

namespace {

void add(std::vector<inert_setting>& found, const std::string& command) {
    const auto setting = parse_sysctl(command);
    if (!setting) return;
    const auto* row = find_unmodelled_sysctl(setting->key);
    if (row != nullptr) found.push_back({fmt::format("{}={}", setting->key, setting->value), row->reason});
}

}  // namespace

std::vector<inert_setting> inert_settings(const host_spec& host) {
    std::vector<inert_setting> found;
    for (const auto& command : host.setup) add(found, command);
    for (const auto& later : host.at) add(found, later.command);
    return found;
}

std::string inert_settings_line(const host_spec& host) {
    const auto found = inert_settings(host);
    if (found.empty()) return "";
    return fmt::format("{} sysctl{} taken without effect here: {}{} (--json lists them with the reasons)\n",
                       found.size(), found.size() == 1 ? " is" : "s are", found.front().setting,
                       found.size() > 1 ? ", ..." : "");
}

nlohmann::ordered_json inert_settings_json(const host_spec& host) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& each : inert_settings(host)) list.push_back({{"sysctl", each.setting}, {"reason", each.reason}});
    return list;
}

}  // namespace rxpath
