// `ip route`: the words, and what iproute2 fills in for those that are missing.
#include <utility>

#include "models/command/routing_command.h"

namespace rxpath {

namespace {

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
    config.multipath = true;
    auto& nexthop = config.nexthops.emplace_back();
    for (bool more = true; more;) {
        if (words.take("via")) {
            words.take("inet");
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

void lock(fib_config& config, rtax metric) {
    const auto bit = 1u << static_cast<unsigned>(metric);
    for (auto& given : config.metrics)
        if (given.metric == rtax::lock) {
            given.value |= bit;
            return;
        }
    config.metrics.push_back({rtax::lock, bit});
}

bool parse_metric(command_words& words, fib_config& config) {
    static constexpr std::pair<std::string_view, rtax> names[] = {{"mtu", rtax::mtu},
                                                                  {"window", rtax::window},
                                                                  {"ssthresh", rtax::ssthresh},
                                                                  {"cwnd", rtax::cwnd},
                                                                  {"advmss", rtax::advmss},
                                                                  {"reordering", rtax::reordering},
                                                                  {"hoplimit", rtax::hoplimit},
                                                                  {"initcwnd", rtax::initcwnd},
                                                                  {"initrwnd", rtax::initrwnd},
                                                                  {"quickack", rtax::quickack},
                                                                  {"fastopen_no_cookie", rtax::fastopen_no_cookie}};
    for (const auto& [name, metric] : names) {
        if (!words.take(name)) continue;
        if (words.take("lock")) lock(config, metric);
        config.metrics.push_back({metric, words.number(name, 0, 0xffffffff)});
        return true;
    }
    return false;
}

bool parse_next_hops(ipv4_routing& routing, command_words& words, fib_config& config) {
    if (words.take("via")) {
        words.take("inet");
        single_nexthop(config).gateway = words.address("gateway");
    } else if (words.take("dev") || words.take("oif")) {
        single_nexthop(config).dev = &words.device(routing.devices());
    } else if (words.take("onlink")) {
        config.onlink = true;
    } else if (words.take("nexthop")) {
        parse_nexthop(routing, words, config);
    } else {
        return false;
    }
    return true;
}

// One option after the prefix; false when the word is none.
bool parse_option(command_words& words, fib_config& config, std::optional<std::uint32_t>& table) {
    if (words.take("table")) {
        table = parse_table(words);
    } else if (words.take("metric") || words.take("priority") || words.take("preference")) {
        config.priority = words.number("metric", 0, 0xffffffff);
    } else if (words.take("tos") || words.take("dsfield")) {
        config.tos = parse_tos(words);
    } else if (words.take("src")) {
        config.prefsrc = words.address("src");
    } else if (words.take("scope")) {
        config.scope = parse_scope(words);
    } else if (words.take("proto") || words.take("protocol")) {
        config.protocol = parse_route_protocol(words);
    } else {
        return parse_metric(words, config);
    }
    return true;
}

// What iproute2 takes for a route without scope: as far as its type and next hop go. None: any, to delete.
std::optional<route_scope> default_scope(const fib_config& config, bool deleting) {
    switch (config.type) {
        case route_type::local:
            return route_scope::host;
        case route_type::broadcast:
        case route_type::multicast:
        case route_type::anycast:
            return route_scope::link;
        case route_type::unicast:
        case route_type::unspec: {
            if (deleting) return std::nullopt;
            const bool has_gateway = !config.nexthops.empty() && config.nexthops.front().gateway;
            return has_gateway || config.multipath ? route_scope::universe : route_scope::link;
        }
        default:
            return deleting ? std::nullopt : std::optional{route_scope::universe};
    }
}

bool in_local_table(route_type type) {
    return type == route_type::local || type == route_type::broadcast || type == route_type::anycast;
}

// The words come in any order; without a prefix the route is the default one.
fib_config parse_route(ipv4_routing& routing, command_words& words, bool deleting) {
    fib_config config;
    config.type = deleting ? route_type::unspec : route_type::unicast;
    if (deleting) config.protocol = route_protocol::unspec;
    std::optional<std::uint32_t> table;
    for (bool has_prefix = false; !words.done();) {
        if (parse_next_hops(routing, words, config) || parse_option(words, config, table)) continue;
        if (has_prefix) words.expect_end();
        words.take("to");
        config.type = take_type(words).value_or(config.type);
        config.dst = words.prefix("prefix");
        has_prefix = true;
    }
    if ((config.dst.address.value & ~config.dst.mask()) != 0)
        throw command_error{fmt::format("prefix {} has bits beyond its length", config.dst.to_string())};
    config.table = table.value_or(in_local_table(config.type) ? rt_table_local : rt_table_main);
    if (config.onlink)
        for (auto& nexthop : config.nexthops) nexthop.onlink = true;
    if (!config.scope) config.scope = default_scope(config, deleting);
    return config;
}

// Which routes a flush means; what is not given does not matter.
struct route_filter {
    std::vector<std::uint32_t> tables{rt_table_main};
    fib_config wanted;
    std::optional<std::uint8_t> tos;
    std::optional<ipv4_prefix> root, match;  // within this prefix; around it

    bool means(const ipv4_prefix& dst, const fib_alias& alias) const {
        const auto& info = *alias.fa_info;
        if (wanted.type != route_type::unspec && wanted.type != alias.fa_type) return false;
        if (wanted.protocol != route_protocol::unspec && wanted.protocol != info.fib_protocol) return false;
        if (wanted.scope && *wanted.scope != info.fib_scope) return false;
        if (!wanted.prefsrc.is_unspecified() && wanted.prefsrc != info.fib_prefsrc) return false;
        if (tos && *tos != alias.fa_dscp) return false;
        if (root && (dst.length < root->length || !root->contains(dst.address))) return false;
        if (match && (dst.length > match->length || !dst.contains(match->address))) return false;
        if (!wanted.nexthops.empty() && info.fib_nh.size() > 1) return false;  // iproute2 sees no single next hop there
        return fib_nh_match(wanted, info);
    }
};

void parse_flush_prefix(command_words& words, route_filter& filter) {
    words.take("to");
    const bool root = words.take("root"), match = !root && words.take("match");
    if (!root && !match) words.take("exact");
    const auto prefix = words.prefix("prefix");
    if (!match) filter.root = prefix;
    if (!root) filter.match = prefix;
}

route_filter parse_filter(ipv4_routing& routing, command_words& words) {
    route_filter filter;
    filter.wanted.type = route_type::unspec;
    filter.wanted.protocol = route_protocol::unspec;
    std::optional<std::uint32_t> table;
    while (!words.done()) {
        if (words.take("type")) {
            filter.wanted.type = take_type(words).value_or(route_type::unspec);
        } else if (words.take("table")) {
            if (words.take("all"))
                filter.tables = routing.table_ids();
            else
                filter.tables = {parse_table(words)};
        } else if (words.take("tos") || words.take("dsfield")) {
            filter.tos = parse_tos(words);
        } else if (!parse_next_hops(routing, words, filter.wanted) && !parse_option(words, filter.wanted, table)) {
            parse_flush_prefix(words, filter);
        }
    }
    return filter;
}

void flush_routes(ipv4_routing& routing, command_words& words) {
    if (words.take("cache")) {
        words.expect_end();
        return routing.flush_cache_and_exceptions();
    }
    if (words.done()) throw command_error{"'ip route flush': cache, table T, dev D or a prefix is missing at the end"};
    const auto filter = parse_filter(routing, words);
    for (const auto table : filter.tables)
        routing.route_flush(table, [&](const auto& dst, const auto& alias) { return filter.means(dst, alias); });
}

}  // namespace

void apply_route_command(ipv4_routing& routing, command_words& words) {
    static constexpr std::pair<std::string_view, fib_insert_mode> insertions[] = {
        {"add", fib_insert_mode::exclusive},   {"append", fib_insert_mode::append},
        {"prepend", fib_insert_mode::prepend}, {"replace", fib_insert_mode::replace},
        {"change", fib_insert_mode::change},   {"chg", fib_insert_mode::change}};
    const auto verb = words.next("add, append, prepend, replace, change, del or flush");
    for (const auto& [name, mode] : insertions)
        if (verb == name) return must(routing.route_add(parse_route(routing, words, false), mode));
    if (verb == "flush") return flush_routes(routing, words);
    if (verb == "del" || verb == "delete") return must(routing.route_del(parse_route(routing, words, true)));
    throw command_error{
        fmt::format("'ip route {}': add, append, prepend, replace, change, del or flush is allowed", verb)};
}

}  // namespace rxpath
