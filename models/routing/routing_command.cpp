#include "models/routing/routing_command.h"

#include <algorithm>

namespace rxpath {

namespace {

void apply_address_command(ipv4_routing& routing, command_words& words) {
    const bool add = words.take("add");
    if (!add && !words.take("del"))
        throw command_error{fmt::format("'ip addr {}': add or del is allowed", words.peek())};
    const auto prefix = words.prefix("address");
    in_ifaddr address;
    address.ifa_local = prefix.address;
    address.ifa_prefix = prefix;
    net_device* device = nullptr;
    while (!words.done()) {
        if (words.take("dev")) {
            device = &words.device(routing.devices());
        } else if (words.take("scope")) {
            address.ifa_scope = parse_scope(words);
        } else if (words.take("broadcast") || words.take("brd")) {
            address.ifa_broadcast =
                words.take("+") ? ipv4_address{prefix.address.value | ~prefix.mask()} : words.address("broadcast");
        } else {
            words.expect_end();
        }
    }
    if (!device) throw command_error{"'dev DEVICE' is missing"};
    must(add ? routing.address_add(*device, address) : routing.address_del(*device, prefix.address, prefix.length));
}

void apply_link_command(ipv4_routing& routing, command_words& words) {
    if (!words.take("set")) throw command_error{fmt::format("'ip link {}': set is allowed", words.peek())};
    words.take("dev");
    auto& device = words.device(routing.devices());
    if (words.done()) throw command_error{"up, down, mtu N or carrier on|off is missing at the end"};
    while (!words.done()) {
        if (words.take("up")) {
            routing.link_up(device);
        } else if (words.take("down")) {
            routing.link_down(device);
        } else if (words.take("mtu")) {
            routing.set_mtu(device, words.number("mtu", 0, 65536));
        } else if (words.take("carrier")) {
            const bool on = words.take("on");
            if (!on && !words.take("off"))
                throw command_error{fmt::format("carrier '{}': on or off is allowed", words.peek())};
            routing.set_carrier(device, on);
        } else {
            words.expect_end();
        }
    }
}

void apply_ip(ipv4_routing& routing, command_words& words) {
    const auto object = words.next("addr, link, route, rule or neigh");
    const auto begins = [&](std::string_view name) {
        return !object.empty() && name.substr(0, object.size()) == object;
    };
    if (begins("address")) return apply_address_command(routing, words);
    if (begins("link")) return apply_link_command(routing, words);
    if (begins("route")) return apply_route_command(routing, words);
    if (begins("rule")) return apply_rule_command(routing, words);
    if (begins("neighbour") || begins("neighbor")) return apply_neigh_command(routing, words);
    throw command_error{fmt::format("'ip {}': addr, link, route, rule or neigh is allowed", object)};
}

void apply_sysctl_command(ipv4_routing& routing, command_words& words) {
    words.take("-w");
    const auto setting = words.next("KEY=VALUE");
    const auto equals = setting.find('=');
    if (equals == std::string_view::npos) throw command_error{fmt::format("'{}': KEY=VALUE is allowed", setting)};
    words.expect_end();
    apply_sysctl(routing, setting.substr(0, equals), setting.substr(equals + 1));
}

void apply(ipv4_routing& routing, command_words& words) {
    if (words.take("ip")) return apply_ip(routing, words);
    if (words.take("sysctl")) return apply_sysctl_command(routing, words);
    if (words.take("routes")) return apply_sequential_routes(routing, words);
    throw command_error{fmt::format("'{}': a command begins with ip, sysctl or routes", words.peek())};
}

}  // namespace

std::optional<std::string> apply_ip_command(ipv4_routing& routing, device_list& /*devices*/, std::string_view command) {
    try {
        command_words words{command};
        apply(routing, words);
        return std::nullopt;
    } catch (const command_error& error) {
        return fmt::format("'{}': {}", command, error.text);
    }
}

std::uint32_t parse_table(command_words& words) {
    if (words.take("main")) return rt_table_main;
    if (words.take("local")) return rt_table_local;
    if (words.take("default")) return rt_table_default;
    return words.number("table", 1, 0xffffffff);
}

route_scope parse_scope(command_words& words) {
    if (words.take("global") || words.take("universe")) return route_scope::universe;
    if (words.take("site")) return route_scope::site;
    if (words.take("link")) return route_scope::link;
    if (words.take("host")) return route_scope::host;
    return static_cast<route_scope>(words.number("scope", 0, 255));
}

void must(const configuration_error& error) {
    if (error) throw command_error{*error};
}

}  // namespace rxpath
