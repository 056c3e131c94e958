// net.ipv4.*: names, ranges, and which of them change more than their value (net/ipv4/devinet.c, sysctl_net_ipv4.c).
#include <array>

#include "models/base/sysctl_names.h"
#include "models/routing/routing_command.h"

namespace rxpath {

namespace {

constexpr std::string_view conf_prefix = "net.ipv4.conf.", ipv4_prefix_name = "net.ipv4.";

int parse_value(std::string_view key, std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw command_error{fmt::format("{}: '{}' is no whole number", key, text)};
    return value;
}

[[noreturn]] void unknown_key(std::string_view key, const std::string& known) {
    throw command_error{fmt::format("there is no setting {}; known are {}", key, known)};
}

// Forwarding of all devices: they follow, and so do those to come (inet_forward_change()).
void forward_change(ipv4_routing& routing, int on) {
    auto& sysctl = routing.sysctl();
    sysctl.devconf_all.forwarding = on;
    sysctl.devconf_all.accept_redirects = on != 0 ? 0 : 1;
    sysctl.devconf_default.forwarding = on;
    for (const auto& device : routing.devices().all()) device->ip.cnf.forwarding = on;
}

// May cached routes have been made under the old value?
bool must_flush(std::string_view name, int before, int after) {
    if (before == after) return false;
    if (name == "accept_local") return after == 0;
    return name == "forwarding" || name == "bc_forwarding" || name == "route_localnet" ||
           name == "drop_unicast_in_l2_multicast";
}

void set_devconf(ipv4_routing& routing, ipv4_devconf& conf, std::string_view key, std::string_view name, int value) {
    int* setting = find_devconf(conf, name);
    if (!setting) unknown_key(key, devconf_names());
    const int before = *setting;
    auto& sysctl = routing.sysctl();
    if (&conf == &sysctl.devconf_all && name == "forwarding" && before != value) forward_change(routing, value);
    *setting = value;
    if (&conf == &sysctl.devconf_default)  // devices that were not set by themselves follow
        for (const auto& device : routing.devices().all())
            if (auto& own = *find_devconf(device->ip.cnf, name);
                !device->loopback && name != "forwarding" && own == before)
                own = value;
    if (must_flush(name, before, value) && !(&conf == &sysctl.devconf_default && name == "forwarding"))
        routing.rt_cache_flush();
}

void apply_conf(ipv4_routing& routing, std::string_view key, int value) {
    const auto rest = key.substr(conf_prefix.size());
    const auto dot = rest.rfind('.');
    if (dot == std::string_view::npos)
        throw command_error{fmt::format("{}: net.ipv4.conf.DEVICE.NAME is allowed", key)};
    const auto owner = rest.substr(0, dot), name = rest.substr(dot + 1);
    auto& sysctl = routing.sysctl();
    if (owner == "all") return set_devconf(routing, sysctl.devconf_all, key, name, value);
    if (owner == "default") return set_devconf(routing, sysctl.devconf_default, key, name, value);
    command_words words{owner};
    set_devconf(routing, words.device(routing.devices()).ip.cnf, key, name, value);
}

}  // namespace

void apply_sysctl(ipv4_routing& routing, std::string_view key, std::string_view text) {
    if (key.substr(0, conf_prefix.size()) == conf_prefix) return apply_conf(routing, key, parse_value(key, text));
    if (key == "net.ipv4.ip_forward")
        return apply_conf(routing, "net.ipv4.conf.all.forwarding", parse_value(key, text));
    if (key == "net.core.somaxconn") {
        routing.sysctl().somaxconn = parse_value(key, text);
        return;
    }
    if (key == "net.ipv4.route.flush") return routing.flush_cache_and_exceptions();
    const auto name =
        key.substr(0, ipv4_prefix_name.size()) == ipv4_prefix_name ? key.substr(ipv4_prefix_name.size()) : "";
    int* setting = find_sysctl(routing.sysctl(), name);
    if (!setting) unknown_key(key, sysctl_names());
    *setting = parse_value(key, text);
}

}  // namespace rxpath
