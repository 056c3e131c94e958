#include "models/command/routing_command.h"

#include <algorithm>

#include "models/base/sysctl_table.h"

namespace rxpath {

namespace {

// What does not matter to the packets that come in.
bool take_unimportant(command_words& words) {
    for (const auto* with_value : {"address", "arp", "multicast", "allmulticast", "promisc", "txqueuelen", "alias"})
        if (words.take(with_value)) {
            words.next(with_value);
            return true;
        }
    return false;
}

void apply_link_command(ipv4_routing& routing, command_words& words, picoseconds now) {
    if (!words.take("set")) throw command_error{fmt::format("'ip link {}': set is allowed", words.peek())};
    words.take("dev");
    auto& device = words.device(routing.devices());
    if (words.done()) throw command_error{"up, down, mtu N, group N or carrier on|off is missing at the end"};
    while (!words.done()) {
        if (words.take("up")) {
            routing.link_up(device);
        } else if (words.take("down")) {
            routing.link_down(device);
        } else if (words.take("mtu")) {
            routing.set_mtu(device, words.number("mtu", 0, 65536));
        } else if (words.take("group")) {
            routing.set_group(device,
                              words.take("default") ? 0 : static_cast<int>(words.number("group", 0, 0x7fffffff)));
        } else if (words.take("carrier")) {
            const bool on = words.take("on");
            if (!on && !words.take("off"))
                throw command_error{fmt::format("carrier '{}': on or off is allowed", words.peek())};
            routing.set_carrier(device, on, now);
        } else if (!take_unimportant(words)) {
            words.expect_end();
        }
    }
}

void apply_ip(ipv4_routing& routing, command_words& words, picoseconds now) {
    const auto object = words.next("addr, link, route, rule or neigh");
    const auto begins = [&](std::string_view name) {
        return !object.empty() && name.substr(0, object.size()) == object;
    };
    if (begins("address")) return apply_addr_command(routing, words);
    if (begins("link")) return apply_link_command(routing, words, now);
    if (begins("route")) return apply_route_command(routing, words);
    if (begins("rule")) return apply_rule_command(routing, words);
    if (begins("neighbour") || begins("neighbor")) return apply_neigh_command(routing, words);
    throw command_error{fmt::format("'ip {}': addr, link, route, rule or neigh is allowed", object)};
}

void apply(ipv4_routing& routing, command_words& words, picoseconds now) {
    if (words.take("ip")) return apply_ip(routing, words, now);
    if (words.take("routes")) return apply_routes_command(routing, words);
    throw command_error{fmt::format("'{}': a command begins with ip, sysctl or routes", words.peek())};
}

}  // namespace

std::optional<std::string> apply_ip_command(ipv4_routing& routing, device_list& /*devices*/, std::string_view command,
                                            picoseconds now) {
    try {
        if (const auto setting = parse_sysctl(command))
            return apply_sysctl(routing, setting->key, setting->value), std::nullopt;
        command_words words{command};
        if (words.take("sysctl")) throw command_error{"KEY=VALUE is allowed"};
        apply(routing, words, now);
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

route_protocol parse_route_protocol(command_words& words) {
    if (words.take("kernel")) return route_protocol::kernel;
    if (words.take("boot")) return route_protocol::boot;
    if (words.take("static")) return route_protocol::static_;
    return static_cast<route_protocol>(words.number("proto", 0, 255));
}

std::uint8_t parse_tos(command_words& words) {
    constexpr std::uint8_t tos_bits = 0xff, not_dscp = 0x03;
    const auto word = words.next("tos");
    const auto digits = word.substr(word.substr(0, 2) == "0x" ? 2 : 0);
    std::uint32_t tos = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), tos, 16);
    if (error != std::errc{} || end != digits.data() + digits.size() || tos > tos_bits || (tos & not_dscp) != 0)
        throw command_error{
            fmt::format("tos '{}' is no hexadecimal number up to fc without its two lowest bits", word)};
    return static_cast<std::uint8_t>(tos);
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
