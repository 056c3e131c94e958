// net.ipv4.*: names, ranges, and which of them change more than their value (net/ipv4/devinet.c, sysctl_net_ipv4.c).
#include <algorithm>

#include "models/base/sysctl_names.h"
#include "models/routing/routing_command.h"

namespace rxpath {

namespace {

constexpr std::string_view conf_prefix = "net.ipv4.conf.", ipv4_prefix_name = "net.ipv4.";

// A number of 32 bits; whether its highest one is a sign, the setting knows.
int parse_value(std::string_view key, std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw command_error{fmt::format("{}: '{}' is no whole number", key, text)};
    if (value < -0x80000000ll || value > 0xffffffffll)
        throw command_error{fmt::format("{}: {} has more than 32 bits", key, value)};
    return static_cast<int>(value);
}

struct allowed_range {
    std::string_view name;
    int least, most;
};

void check_range(std::string_view key, std::string_view name, int value) {
    static constexpr allowed_range ranges[] = {{"fib_multipath_hash_policy", 0, 3},
                                               {"fib_multipath_hash_fields", 1, 0xfff},
                                               {"fib_multipath_use_neigh", 0, 1},
                                               {"ip_forward_update_priority", 0, 1},
                                               {"route.min_pmtu", 68, 65535}};
    for (const auto& range : ranges)
        if (range.name == name && (value < range.least || value > range.most))
            throw command_error{fmt::format("{}: {} found, {} to {} is allowed", key, value, range.least, range.most)};
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
           name == "promote_secondaries" || name == "drop_unicast_in_l2_multicast";
}

// Does the device still take this setting from net.ipv4.conf.default?
bool follows_default(const net_device& device, const int* setting) {
    const auto& own = device.ip.cnf_state;
    return !device.ip.cnf_all_set && std::find(own.begin(), own.end(), setting) == own.end();
}

// devinet_copy_dflt_conf()
void copy_default(ipv4_routing& routing, std::string_view name, int value) {
    for (const auto& device : routing.devices().all())
        if (int* setting = find_devconf(device->ip.cnf, name); follows_default(*device, setting)) *setting = value;
}

void set_devconf(ipv4_routing& routing, ipv4_devconf& conf, std::string_view key, std::string_view name, int value) {
    int* setting = find_devconf(conf, name);
    if (!setting) unknown_key(key, devconf_names());
    const int before = *setting;
    auto& sysctl = routing.sysctl();
    const bool is_default = &conf == &sysctl.devconf_default, forwarding = name == "forwarding";
    if (&conf == &sysctl.devconf_all && forwarding && before != value) forward_change(routing, value);
    *setting = value;
    if (is_default && !forwarding) copy_default(routing, name, value);
    if (must_flush(name, before, value) && !(is_default && forwarding)) routing.rt_cache_flush();
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
    auto& ip = words.device(routing.devices()).ip;
    set_devconf(routing, ip.cnf, key, name, value);
    ip.cnf_state.push_back(find_devconf(ip.cnf, name));
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
    const int value = parse_value(key, text);
    check_range(key, name, value);
    *setting = value;
}

}  // namespace rxpath
