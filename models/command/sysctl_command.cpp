// net.ipv4.*: names, ranges, and which of them change more than their value (net/ipv4/devinet.c, sysctl_net_ipv4.c).
#include <algorithm>
#include <climits>
#include <initializer_list>

#include "models/base/sysctl_names.h"
#include "models/base/sysctl_table.h"
#include "models/command/routing_command.h"

namespace rxpath {

namespace {

constexpr std::string_view conf_prefix = "net.ipv4.conf.", ipv4_prefix_name = "net.ipv4.",
                           neigh_prefix = "net.ipv4.neigh.";

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

// A setting that is not modelled: taken when this value changes nothing.
void take_without_effect(std::string_view key, std::string_view text, const std::string& known) {
    const auto* row = find_unmodelled_sysctl(key);
    if (!row) throw command_error{fmt::format("there is no setting {}; known are {}", key, known)};
    if (!row->takes(text))
        throw command_error{fmt::format("{}: found {}, allowed: {}, because {}", key, text, row->values, row->reason)};
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

void set_devconf(ipv4_routing& routing, ipv4_devconf& conf, std::string_view name, int value) {
    int* setting = find_devconf(conf, name);
    const int before = *setting;
    auto& sysctl = routing.sysctl();
    const bool is_default = &conf == &sysctl.devconf_default, forwarding = name == "forwarding";
    if (&conf == &sysctl.devconf_all && forwarding && before != value) forward_change(routing, value);
    *setting = value;
    if (is_default && !forwarding) copy_default(routing, name, value);
    if (must_flush(name, before, value) && !(is_default && forwarding)) routing.rt_cache_flush();
}

// "all", "default" or a device: null for the first two.
net_device* device_of(ipv4_routing& routing, std::string_view owner) {
    if (owner == "all" || owner == "default") return nullptr;
    command_words words{owner};
    return &words.device(routing.devices());
}

// DEVICE and NAME of a key that is DEVICE.NAME behind its prefix.
std::pair<std::string_view, std::string_view> split(std::string_view key, std::string_view prefix) {
    const auto rest = key.substr(prefix.size());
    const auto dot = rest.rfind('.');
    if (dot == std::string_view::npos) throw command_error{fmt::format("{}: {}DEVICE.NAME is allowed", key, prefix)};
    return {rest.substr(0, dot), rest.substr(dot + 1)};
}

void apply_conf(ipv4_routing& routing, std::string_view key, std::string_view text) {
    const auto [owner, name] = split(key, conf_prefix);
    auto* device = device_of(routing, owner);
    auto& sysctl = routing.sysctl();
    auto& conf = device ? device->ip.cnf : owner == "all" ? sysctl.devconf_all : sysctl.devconf_default;
    auto* setting = find_devconf(conf, name);
    if (!setting) return take_without_effect(key, text, devconf_names());
    set_devconf(routing, conf, name, parse_value(key, text));
    if (device) device->ip.cnf_state.push_back(setting);
}

// net.ipv4.neigh.*: how much may wait for a neighbour that does not answer, in bytes, or in frames of full size.
void apply_neigh(ipv4_routing& routing, std::string_view key, std::string_view text) {
    constexpr int truesize_of_full_frame = 2304;  // SKB_TRUESIZE(ETH_FRAME_LEN)
    const auto [owner, name] = split(key, neigh_prefix);
    if (owner == "all") throw command_error{fmt::format("{}: there is default, but not all", key)};
    auto* device = device_of(routing, owner);
    if (name != "unres_qlen" && name != "unres_qlen_bytes") return take_without_effect(key, text, "unres_qlen_bytes");
    const int value = parse_value(key, text);
    if (value < 0 || value > INT_MAX / truesize_of_full_frame)
        throw command_error{
            fmt::format("{}: {} found, 0 to {} is allowed", key, value, INT_MAX / truesize_of_full_frame)};
    auto& neighbours = routing.neighbours();
    neighbours.set_queue_limit(device, name == "unres_qlen" ? value * truesize_of_full_frame : value);
}

// Several numbers in one setting, the first ones or all.
void apply_numbers(std::string_view key, std::string_view text, std::initializer_list<int*> settings) {
    command_words words{text};
    if (words.done()) throw command_error{fmt::format("{}: up to {} numbers are allowed", key, settings.size())};
    std::vector<int> values;
    while (!words.done()) values.push_back(parse_value(key, words.next("number")));
    if (values.size() > settings.size())
        throw command_error{fmt::format("{}: '{}' found, up to {} numbers are allowed", key, text, settings.size())};
    const auto* setting = settings.begin();
    for (const int value : values) {
        if (value < 1) throw command_error{fmt::format("{}: {} found, at least 1 is allowed", key, value)};
        **setting++ = value;
    }
}

// Settings below net.core, or of several numbers. False: it is none of these.
bool apply_other(ipv4_routing& routing, std::string_view key, std::string_view text) {
    auto& sysctl = routing.sysctl();
    if (key == "net.core.somaxconn") return sysctl.somaxconn = parse_value(key, text), true;
    if (key == "net.core.rmem_default") return apply_numbers(key, text, {&sysctl.rmem_default}), true;
    if (key == "net.core.rmem_max") return apply_numbers(key, text, {&sysctl.rmem_max}), true;
    if (key == "net.ipv4.tcp_rmem")
        return apply_numbers(key, text, {&sysctl.tcp_rmem_min, &sysctl.tcp_rmem_default, &sysctl.tcp_rmem_max}), true;
    return false;
}

bool begins_with(std::string_view key, std::string_view prefix) { return key.substr(0, prefix.size()) == prefix; }

}  // namespace

void apply_sysctl(ipv4_routing& routing, std::string_view key, std::string_view text) {
    if (begins_with(key, conf_prefix)) return apply_conf(routing, key, text);
    if (begins_with(key, neigh_prefix)) return apply_neigh(routing, key, text);
    if (key == "net.ipv4.ip_forward") return apply_conf(routing, "net.ipv4.conf.all.forwarding", text);
    if (key == "net.ipv4.route.flush") return routing.flush_cache_and_exceptions();
    if (apply_other(routing, key, text)) return;
    const auto name = begins_with(key, ipv4_prefix_name) ? key.substr(ipv4_prefix_name.size()) : "";
    int* setting = find_sysctl(routing.sysctl(), name);
    if (!setting) return take_without_effect(key, text, sysctl_names());
    const int value = parse_value(key, text);
    check_range(key, name, value);
    *setting = value;
}

}  // namespace rxpath
