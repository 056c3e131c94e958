// `ip addr`: the words, and what iproute2 fills in for those that are missing.
#include "models/command/routing_command.h"

namespace rxpath {

namespace {

struct described_address {
    in_ifaddr ifa;
    net_device* device = nullptr;
    std::optional<ipv4_prefix> network;  // none: the address alone says which one is meant
    std::optional<route_scope> scope;
    std::string_view broadcast;  // an address, + or -
};

void parse_local(command_words& words, described_address& made) {
    const auto word = words.peek();
    const auto prefix = words.prefix("address");
    made.ifa.ifa_local = prefix.address;
    made.ifa.ifa_prefix = prefix;
    if (word.find('/') != std::string_view::npos) made.network = prefix;
}

void parse_peer(command_words& words, described_address& made) {
    const auto prefix = words.prefix("peer");
    made.ifa.ifa_address = prefix.address;
    made.ifa.ifa_prefix = prefix;
    made.network = prefix;
}

bool parse_option(ipv4_routing& routing, command_words& words, described_address& made) {
    if (words.take("dev")) {
        made.device = &words.device(routing.devices());
    } else if (words.take("scope")) {
        made.scope = parse_scope(words);
    } else if (words.take("broadcast") || words.take("brd")) {
        made.broadcast = words.next("broadcast");
    } else if (words.take("peer") || words.take("remote")) {
        parse_peer(words, made);
    } else if (words.take("metric") || words.take("priority") || words.take("preference")) {
        made.ifa.rt_priority = words.number("metric", 0, 0xffffffff);
    } else if (words.take("noprefixroute")) {
        made.ifa.noprefixroute = true;
    } else if (words.take("label") || words.take("valid_lft") || words.take("preferred_lft")) {
        words.next("value");  // does not matter to packets
    } else {
        return false;
    }
    return true;
}

// "+": all bits of the host set; "-": none.
ipv4_address broadcast_of(const described_address& made) {
    const auto& prefix = made.ifa.ifa_prefix;
    if (made.broadcast == "+" || made.broadcast == "-") {
        if (prefix.length > 30) return {};
        const auto host_bits = made.broadcast == "+" ? ~prefix.mask() : 0;
        return {(prefix.address.value & prefix.mask()) | host_bits};
    }
    command_words words{made.broadcast};
    return words.address("broadcast");
}

described_address parse_address(ipv4_routing& routing, command_words& words) {
    described_address made;
    words.take("local");
    parse_local(words, made);
    while (!words.done())
        if (!parse_option(routing, words, made)) words.expect_end();
    if (!made.device) throw command_error{"'dev DEVICE' is missing"};
    const auto usual = made.ifa.ifa_local.is_loopback() ? route_scope::host : route_scope::universe;
    made.ifa.ifa_scope = made.scope.value_or(usual);
    if (!made.broadcast.empty()) made.ifa.ifa_broadcast = broadcast_of(made);
    return made;
}

void flush_addresses(ipv4_routing& routing, command_words& words) {
    net_device* device = nullptr;
    std::optional<route_scope> scope;
    while (!words.done()) {
        if (words.take("scope"))
            scope = parse_scope(words);
        else if (words.take("dev") || !device)
            device = &words.device(routing.devices());
        else
            words.expect_end();
    }
    if (!device) throw command_error{"'dev DEVICE' is missing"};
    routing.address_flush(*device, scope);
}

}  // namespace

void apply_addr_command(ipv4_routing& routing, command_words& words) {
    const auto verb = words.next("add, change, replace, del or flush");
    if (verb == "flush") return flush_addresses(routing, words);
    const bool replace = verb == "change" || verb == "replace";
    const bool del = verb == "del" || verb == "delete";
    if (verb != "add" && !replace && !del)
        throw command_error{fmt::format("'ip addr {}': add, change, replace, del or flush is allowed", verb)};
    const auto made = parse_address(routing, words);
    must(del ? routing.address_del(*made.device, made.ifa.ifa_local, made.network)
             : routing.address_add(*made.device, made.ifa, replace));
}

}  // namespace rxpath
