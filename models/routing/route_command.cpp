// `ip route`: the words, and what iproute2 fills in for those that are missing.
#include "models/routing/routing_command.h"

namespace rxpath {

namespace {

constexpr std::uint32_t most_routes = 1'000'000;

std::optional<route_type> take_type(command_words& words) {
    for (auto type = route_type::unicast; type != route_type::count;
         type = static_cast<route_type>(static_cast<int>(type) + 1))
        if (words.take(to_string(type))) return type;
    return std::nullopt;
}

nexthop_config& single_nexthop(fib_config& config) {
    if (config.nexthops.empty()) config.nexthops.emplace_back();
    return config.nexthops.front();
}

void parse_nexthop(ipv4_routing& routing, command_words& words, fib_config& config) {
    auto& nexthop = config.nexthops.emplace_back();
    for (bool more = true; more;) {
        if (words.take("via")) {
            nexthop.gateway = words.address("gateway");
        } else if (words.take("dev")) {
            nexthop.dev = &words.device(routing.devices());
        } else if (words.take("weight")) {
            nexthop.weight = static_cast<int>(words.number("weight", 1, 256));
        } else if (words.take("onlink")) {
            nexthop.onlink = true;
        } else {
            more = false;
        }
    }
}

route_protocol parse_protocol(command_words& words) {
    if (words.take("kernel")) return route_protocol::kernel;
    if (words.take("boot")) return route_protocol::boot;
    if (words.take("static")) return route_protocol::static_;
    return static_cast<route_protocol>(words.number("proto", 0, 255));
}

// One option after the prefix; false when the word is none.
bool parse_option(ipv4_routing& routing, command_words& words, fib_config& config,
                  std::optional<std::uint32_t>& table) {
    if (words.take("via")) {
        words.take("inet");
        single_nexthop(config).gateway = words.address("gateway");
    } else if (words.take("dev")) {
        single_nexthop(config).dev = &words.device(routing.devices());
    } else if (words.take("onlink")) {
        single_nexthop(config).onlink = true;
    } else if (words.take("table")) {
        table = parse_table(words);
    } else if (words.take("metric") || words.take("preference")) {
        config.priority = words.number("metric", 0, 0xffffffff);
    } else if (words.take("tos") || words.take("dsfield")) {
        config.tos = static_cast<std::uint8_t>(words.number("tos", 0, 0x1c));
        if ((config.tos & ~0x1c) != 0) throw command_error{"tos has bits other than 0x1c"};
    } else if (words.take("src")) {
        config.prefsrc = words.address("src");
    } else if (words.take("scope")) {
        config.scope = parse_scope(words);
    } else if (words.take("proto") || words.take("protocol")) {
        config.protocol = parse_protocol(words);
    } else if (words.take("mtu")) {
        config.mtu = words.number("mtu", 68, 65535);
    } else if (words.take("nexthop")) {
        parse_nexthop(routing, words, config);
    } else {
        return false;
    }
    return true;
}

// What iproute2 takes for a new route without scope: as far as its next hop is.
route_scope default_scope(const fib_config& config) {
    if (config.type == route_type::local) return route_scope::host;
    const bool on_link = config.type == route_type::broadcast || config.type == route_type::multicast ||
                         config.type == route_type::anycast;
    const bool has_gateway = !config.nexthops.empty() && config.nexthops.front().gateway;
    return on_link || (config.type == route_type::unicast && !has_gateway) ? route_scope::link : route_scope::universe;
}

bool in_local_table(route_type type) {
    return type == route_type::local || type == route_type::broadcast || type == route_type::anycast;
}

fib_config parse_route(ipv4_routing& routing, command_words& words, bool deleting) {
    fib_config config;
    const auto type = take_type(words);
    config.type = type.value_or(deleting ? route_type::unspec : route_type::unicast);
    if (deleting) config.protocol = route_protocol::unspec;
    words.take("to");
    config.dst = words.prefix("prefix");
    std::optional<std::uint32_t> table;
    while (parse_option(routing, words, config, table)) {}
    words.expect_end();
    if ((config.dst.address.value & ~config.dst.mask()) != 0)
        throw command_error{fmt::format("prefix {} has bits beyond its length", config.dst.to_string())};
    config.table = table.value_or(in_local_table(config.type) ? rt_table_local : rt_table_main);
    if (!config.scope && !deleting) config.scope = default_scope(config);
    return config;
}

}  // namespace

void apply_route_command(ipv4_routing& routing, command_words& words) {
    const auto verb = words.next("add, append, replace, del or flush");
    if (verb == "flush") {
        if (!words.take("cache"))
            throw command_error{fmt::format("'ip route flush {}': cache is allowed", words.peek())};
        words.expect_end();
        return routing.flush_cache_and_exceptions();
    }
    if (verb == "add") return must(routing.route_add(parse_route(routing, words, false), fib_insert_mode::exclusive));
    if (verb == "append") return must(routing.route_add(parse_route(routing, words, false), fib_insert_mode::append));
    if (verb == "replace") return must(routing.route_add(parse_route(routing, words, false), fib_insert_mode::replace));
    if (verb == "del" || verb == "delete") return must(routing.route_del(parse_route(routing, words, true)));
    throw command_error{fmt::format("'ip route {}': add, append, replace, del or flush cache is allowed", verb)};
}

void apply_sequential_routes(ipv4_routing& routing, command_words& words) {
    const auto expect = [&](std::string_view word) {
        if (!words.take(word)) throw command_error{fmt::format("'{}' found, '{}' is allowed", words.peek(), word)};
    };
    expect("sequential");
    expect("from");
    fib_config config;
    config.dst.address = words.address("address");
    expect("count");
    const auto count = words.number("count", 1, most_routes);
    expect("plen");
    config.dst.length = static_cast<std::uint8_t>(words.number("plen", 1, 32));
    expect("via");
    single_nexthop(config).gateway = words.address("gateway");
    words.expect_end();
    config.scope = route_scope::universe;
    config.dst.address.value &= config.dst.mask();
    for (std::uint32_t i = 0; i < count; ++i) {
        must(routing.route_add(config, fib_insert_mode::exclusive));
        config.dst.address.value += 1u << (32 - config.dst.length);
    }
}

}  // namespace rxpath
