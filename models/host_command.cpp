#include "models/host_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/routing/command_words.h"
#include "models/routing/routing_command.h"

namespace rxpath {

namespace {

// "join GROUP dev DEVICE": an application joins a multicast group there (IP_ADD_MEMBERSHIP).
std::optional<std::string> join(network_namespace& net, std::string_view command) {
    command_words words{command};
    try {
        words.next("join");
        const auto group = words.address("group");
        if (!group.is_multicast()) return fmt::format("{} is no multicast group", group.to_string());
        if (!words.take("dev")) return fmt::format("'{}': dev DEVICE is missing", command);
        const auto name = words.next("device");
        auto* dev = net.devices.by_name(name);
        if (dev == nullptr) return fmt::format("there is no device {}", name);
        auto& groups = dev->ip.mc_list;
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.insert(groups.begin(), group);
        return std::nullopt;
    } catch (const command_error& error) {
        return error.text;
    }
}

}  // namespace

std::string global_table_command(std::uint32_t routes) { return fmt::format("routes global count {}", routes); }

std::optional<std::string> apply_host_command(network_namespace& net, std::string_view command) {
    const auto word = command.substr(0, command.find(' '));
    if (word == "ip" || word == "sysctl" || word == "routes")
        return apply_ip_command(net.routing, net.devices, command);
    if (word == "join") return join(net, command);
    return fmt::format("found command '{}', allowed: ip ..., sysctl KEY=VALUE, routes ..., join GROUP dev DEVICE",
                       command);
}

}  // namespace rxpath
