// Adding and deleting routes (inet_rtm_newroute(), inet_rtm_delroute(), fib_create_info(), fib_check_nh()).
#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

std::string explain(int error, const fib_config& config) {
    const auto prefix = config.dst.to_string();
    if (error == -EEXIST) return fmt::format("route {} exists already in table {}", prefix, config.table);
    return fmt::format("there is no such route {} in table {}", prefix, config.table);
}

// What the kernel makes of a value that is too large (ip_metrics_convert()).
std::uint32_t limited(const metric_config& wanted) {
    constexpr std::uint32_t most_mtu = 65535 - 15, most_advmss = 65535 - 40, most_hoplimit = 255;
    switch (wanted.metric) {
        case rtax::mtu:
            return std::min(wanted.value, most_mtu);
        case rtax::advmss:
            return std::min(wanted.value, most_advmss);
        case rtax::hoplimit:
            return std::min(wanted.value, most_hoplimit);
        default:
            return wanted.value;
    }
}

std::unique_ptr<fib_info> describe_route(const fib_config& config) {
    auto info = std::make_unique<fib_info>();
    info->fib_protocol = config.protocol;
    info->fib_scope = config.scope.value_or(route_scope::universe);
    info->fib_type = config.type;
    info->fib_tb_id = config.table;
    info->fib_prefsrc = config.prefsrc;
    info->fib_priority = config.priority;
    if (!config.metrics.empty()) {
        info->fib_metrics = new dst_metrics{{}, 1};  // counted by hand, as routes made from it outlive the fib_info
        for (const auto& wanted : config.metrics)
            info->fib_metrics->metrics[static_cast<std::size_t>(wanted.metric) - 1] = limited(wanted);
    }
    info->fib_nh.resize(std::max<std::size_t>(1, config.nexthops.size()));
    return info;
}

// The configuration that would make this route.
fib_config configuration_of(const ipv4_prefix& dst, const fib_alias& alias) {
    const auto& info = *alias.fa_info;
    fib_config config;
    config.dst = dst;
    config.tos = alias.fa_dscp;
    config.type = alias.fa_type;
    config.table = alias.tb_id;
    config.protocol = info.fib_protocol;
    config.scope = info.fib_scope;
    config.priority = info.fib_priority;
    config.prefsrc = info.fib_prefsrc;
    config.multipath = info.fib_nh.size() > 1;
    for (const auto& nexthop : info.fib_nh) {
        if (!nexthop.nhc_dev) continue;
        const auto gateway = nexthop.nhc_gw_family == af_inet ? std::optional{nexthop.nhc_gw} : std::nullopt;
        config.nexthops.push_back({nexthop.nhc_dev, gateway, nexthop.nhc_weight, false});
    }
    return config;
}

void set_linkdown(fib_nh_common& nexthop) {
    if (!nexthop.nhc_dev->carrier) nexthop.nhc_flags |= rtnh_f_linkdown;
}

bool all_linkdown(const fib_info& info) {
    return std::all_of(info.fib_nh.begin(), info.fib_nh.end(),
                       [](const fib_nh_common& nexthop) { return (nexthop.nhc_flags & rtnh_f_linkdown) != 0; });
}

}  // namespace

configuration_error ipv4_routing::route_add(const fib_config& config, fib_insert_mode mode) {
    if (auto error = insert(config, mode)) return error;
    if (config.type == route_type::local) m_has_custom_local_routes = true;
    return std::nullopt;
}

configuration_error ipv4_routing::route_del(const fib_config& config) { return remove(config); }

configuration_error ipv4_routing::insert(const fib_config& config, fib_insert_mode mode) {
    auto& table = new_table(config.table);
    fib_info_ptr info;
    if (auto error = create_info(config, info)) return error;
    const auto done = fib_table_insert(table, config, std::move(info), mode);
    if (done.flush_cache) rt_cache_flush();
    return done.error == 0 ? configuration_error{} : explain(done.error, config);
}

configuration_error ipv4_routing::remove(const fib_config& config) {
    auto* table = find_table(config.table);
    const auto done = table ? fib_table_delete(*table, config) : fib_edit{-ESRCH, false};
    if (done.flush_cache) rt_cache_flush();
    return done.error == 0 ? configuration_error{} : explain(done.error, config);
}

void ipv4_routing::route_flush(std::uint32_t table, const route_test& meant) {
    auto* known = find_table(table);
    if (!known) return;
    std::vector<fib_config> doomed;
    known->trie->each_leaf([&](const fib_leaf& leaf) {
        for (const auto& alias : leaf.leaf) {
            const ipv4_prefix dst{{leaf.key}, static_cast<std::uint8_t>(32 - alias.fa_slen)};
            if (alias.tb_id == table && meant(dst, alias)) doomed.push_back(configuration_of(dst, alias));
        }
    });
    for (const auto& config : doomed) static_cast<void>(remove(config));
}

configuration_error ipv4_routing::create_info(const fib_config& config, fib_info_ptr& info) {
    auto made = describe_route(config);
    if (fib_props(config.type).scope > made->fib_scope)
        return fmt::format("scope {} is too wide for a {} route", static_cast<int>(made->fib_scope),
                           to_string(config.type));
    if (fib_props(config.type).error != 0) {
        if (!config.nexthops.empty())
            return fmt::format("a {} route can have neither gateway nor device", to_string(config.type));
    } else {
        if (auto error = check_nexthops(config, *made)) return error;
        if (!valid_prefsrc(config)) return fmt::format("src {} is no address of this host", config.prefsrc.to_string());
        fib_rebalance(*made, devconf_all());
    }
    info = m_infos.share(std::move(made));
    return std::nullopt;
}

configuration_error ipv4_routing::check_nexthops(const fib_config& config, fib_info& made) {
    if (made.fib_scope > route_scope::host)
        return fmt::format("scope {} is beyond host", static_cast<int>(made.fib_scope));
    if (config.nexthops.empty()) return "a route needs a gateway or a device";
    if (made.fib_scope == route_scope::host && config.nexthops.size() > 1)
        return "a route with host scope can have no more than one next hop";
    for (std::size_t i = 0; i < config.nexthops.size(); ++i)
        if (auto error = check_nexthop(config, config.nexthops[i], made.fib_nh[i])) return error;
    if (all_linkdown(made)) made.fib_flags |= rtnh_f_linkdown;
    return std::nullopt;
}

configuration_error ipv4_routing::check_nexthop(const fib_config& config, const nexthop_config& wanted,
                                                fib_nh_common& nexthop) {
    nexthop.nhc_weight = wanted.weight;
    nexthop.nhc_dev = wanted.dev;
    if (wanted.onlink) nexthop.nhc_flags |= rtnh_f_onlink;
    if (config.scope == route_scope::host) {
        if (wanted.gateway) return "a route with host scope can have no gateway";
        if (!wanted.dev) return "a route with host scope needs a device";
        nexthop.nhc_scope = route_scope::nowhere;
        return std::nullopt;
    }
    if (wanted.gateway) return check_gateway(config, wanted, nexthop);
    if (wanted.onlink) return "onlink needs a gateway";
    if (!wanted.dev) return "a route needs a gateway or a device";
    if (!wanted.dev->up) return fmt::format("device {} is not up", wanted.dev->name);
    nexthop.nhc_scope = route_scope::host;
    set_linkdown(nexthop);
    return std::nullopt;
}

// The gateway must itself be reached through a route of narrower scope, unless it is said to be on the link.
configuration_error ipv4_routing::check_gateway(const fib_config& config, const nexthop_config& wanted,
                                                fib_nh_common& nexthop) {
    const auto unreachable = [&] {
        return fmt::format("gateway {} is not reachable: no route leads directly to it", wanted.gateway->to_string());
    };
    const auto scope = config.scope.value_or(route_scope::universe);
    nexthop.nhc_gw_family = af_inet;
    nexthop.nhc_gw = *wanted.gateway;
    if (wanted.onlink) return check_onlink(wanted, scope, nexthop);
    flowi4 flow;
    flow.daddr = *wanted.gateway;
    const auto narrower = static_cast<route_scope>(static_cast<int>(scope) + 1);
    flow.flowi4_scope = std::max(narrower, route_scope::link);
    flow.flowi4_oif = wanted.dev ? wanted.dev->ifindex : 0;
    flow.flowi4_iif = loopback_ifindex;
    fib_result result;
    if (lookup(flow, config.table, result) != 0) return unreachable();
    if (result.type != route_type::unicast && result.type != route_type::local) return unreachable();
    if (!result.nhc->nhc_dev) return unreachable();
    nexthop.nhc_scope = result.scope;
    nexthop.nhc_dev = result.nhc->nhc_dev;
    set_linkdown(nexthop);
    return nexthop.nhc_dev->up ? configuration_error{} : fmt::format("device {} is not up", nexthop.nhc_dev->name);
}

configuration_error ipv4_routing::check_onlink(const nexthop_config& wanted, route_scope scope,
                                               fib_nh_common& nexthop) {
    if (scope >= route_scope::link) return "a route on the link can have no gateway";
    if (!wanted.dev) return "onlink needs a device";
    if (!wanted.dev->up) return fmt::format("device {} is not up", wanted.dev->name);
    auto context = quiet({});
    if (address_type(context, *wanted.gateway) != route_type::unicast)
        return fmt::format("gateway {} is no address of another host", wanted.gateway->to_string());
    nexthop.nhc_scope = route_scope::link;
    set_linkdown(nexthop);
    return std::nullopt;
}

// A preferred source must be an address of this host (fib_valid_prefsrc()). Asking marks that address's route as used.
bool ipv4_routing::valid_prefsrc(const fib_config& config) {
    if (config.prefsrc.is_unspecified()) return true;
    if (config.type == route_type::local && config.prefsrc == config.dst.address) return true;
    const auto table = config.table == rt_table_main ? rt_table_local : config.table;
    return is_local_in(table, config.prefsrc) ||
           (table != rt_table_local && is_local_in(rt_table_local, config.prefsrc));
}

}  // namespace rxpath
