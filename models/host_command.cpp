#include "models/host_command.h"

#include <fmt/format.h>

#include "models/routing/routing_command.h"

namespace rxpath {

std::optional<std::string> apply_host_command(network_namespace& net, std::string_view command) {
    const auto word = command.substr(0, command.find(' '));
    if (word == "ip" || word == "sysctl" || word == "routes")
        return apply_ip_command(net.routing, net.devices, command);
    return fmt::format("found command '{}', allowed: ip ..., sysctl KEY=VALUE, routes sequential ...", command);
}

}  // namespace rxpath
