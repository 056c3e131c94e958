#include "sim/scenario/trial_host.h"

#include <algorithm>

#include "models/command/host_command.h"
#include "models/ip/network_namespace.h"

namespace rxpath {

trial_host::trial_host(const std::vector<nic_spec>& nics) : m_net(std::make_unique<network_namespace>()) {
    for (const auto& nic : nics) {
        auto& device = m_net->devices.add(nic.name);
        m_net->routing.device_registered(device);
        m_net->routing.link_up(device);
    }
}

trial_host::~trial_host() = default;

std::optional<std::string> trial_host::try_command(std::string_view command) {
    return apply_host_command(*m_net, command);
}

bool trial_host::owns(ipv4_address address) const {
    if (address.is_loopback()) return true;
    for (const auto& device : m_net->devices.all()) {
        for (const auto& own : device->ip.ifa_list) {
            if (own.ifa_local == address) return true;
        }
    }
    return false;
}

bool trial_host::receives(ipv4_address address) const {
    if (owns(address)) return true;
    if (!address.is_multicast()) {
        auto context = m_net->routing.quiet({});
        const auto type = m_net->routing.address_type(context, address);
        return type == route_type::local || type == route_type::broadcast;
    }
    const auto& devices = m_net->devices.all();
    return std::any_of(devices.begin(), devices.end(), [address](const auto& device) {
        const auto& groups = device->ip.mc_list;
        return std::find(groups.begin(), groups.end(), address) != groups.end();
    });
}

bool trial_host::forwards() const {
    const auto& devices = m_net->devices.all();
    return m_net->sysctls.devconf_all.forwarding != 0 ||
           std::any_of(devices.begin(), devices.end(), [](auto& device) { return device->ip.cnf.forwarding != 0; });
}

}  // namespace rxpath
