#include "models/command/host_command.h"

#include <fmt/format.h>

#include "models/command/command_words.h"
#include "models/command/routing_command.h"

namespace rxpath {

namespace {

// "join GROUP dev DEVICE", "leave GROUP dev DEVICE": an application joins a multicast group there, or leaves it
// (IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP).
std::optional<std::string> change_membership(network_namespace& net, std::string_view command) {
    command_words words{command};
    try {
        const bool joins = words.next("join or leave") == "join";
        const auto group = words.address("group");
        if (!group.is_multicast()) return fmt::format("{} is no multicast group", group.to_string());
        if (!words.take("dev")) return fmt::format("'{}': dev DEVICE is missing", command);
        auto& dev = words.device(net.devices);
        words.expect_end();
        if (joins)
            net.routing.join_group(dev, group);
        else
            net.routing.leave_group(dev, group);
        return std::nullopt;
    } catch (const command_error& error) {
        return error.text;
    }
}

}  // namespace

std::string global_table_command(std::uint32_t routes) { return fmt::format("routes global count {}", routes); }

std::optional<std::string> apply_host_command(network_namespace& net, std::string_view command, picoseconds now) {
    const auto word = command.substr(0, command.find(' '));
    if (word == "ip" || word == "sysctl" || word == "routes")
        return apply_ip_command(net.routing, net.devices, command, now);
    if (word == "join" || word == "leave") return change_membership(net, command);
    return fmt::format("found command '{}', allowed: ip ..., sysctl KEY=VALUE, routes ..., join|leave GROUP dev DEVICE",
                       command);
}

}  // namespace rxpath
