// Adding and deleting routes (inet_rtm_newroute(), inet_rtm_delroute(), fib_create_info(), fib_check_nh()).
#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

constexpr int loopback_ifindex = 1;

std::string explain(int error, const fib_config& config) {
    const auto prefix = config.dst.to_string();
    if (error == -EEXIST) return fmt::format("route {} exists already in table {}", prefix, config.table);
    return fmt::format("there is no such route {} in table {}", prefix, config.table);
}

std::unique_ptr<fib_info> describe_route(const fib_config& config) {
    auto info = std::make_unique<fib_info>();
    info->fib_protocol = config.protocol;
    info->fib_scope = config.scope.value_or(route_scope::universe);
    info->fib_type = config.type;
    info->fib_tb_id = config.table;
    info->fib_prefsrc = config.prefsrc;
    info->fib_priority = config.priority;
    if (config.mtu != 0) {
        info->fib_metrics = new dst_metrics{{}, 1};  // counted by hand, as routes made from it outlive the fib_info
        info->fib_metrics->metrics[static_cast<std::size_t>(rtax::mtu) - 1] = config.mtu;
    }
    info->fib_nh.resize(std::max<std::size_t>(1, config.nexthops.size()));
    return info;
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

configuration_error ipv4_routing::create_info(const fib_config& config, fib_info_ptr& info) {
    auto made = describe_route(config);
    const bool answers_error = fib_props(config.type).error != 0;
    if (answers_error && !config.nexthops.empty())
        return fmt::format("a {} route can have neither gateway nor device", to_string(config.type));
    if (!answers_error && config.nexthops.empty()) return "a route needs a gateway or a device";
    if (fib_props(config.type).scope > made->fib_scope)
        return fmt::format("scope {} is too wide for a {} route", static_cast<int>(made->fib_scope),
                           to_string(config.type));
    for (std::size_t i = 0; i < config.nexthops.size(); ++i)
        if (auto error = check_nexthop(config, config.nexthops[i], made->fib_nh[i])) return error;
    if (!valid_prefsrc(config)) return fmt::format("src {} is no address of this host", config.prefsrc.to_string());
    fib_rebalance(*made, devconf_all());
    info = m_infos.share(std::move(made));
    return std::nullopt;
}

configuration_error ipv4_routing::check_nexthop(const fib_config& config, const nexthop_config& wanted,
                                                fib_nh_common& nexthop) {
    nexthop.nhc_weight = wanted.weight;
    if (config.scope == route_scope::host) {
        if (wanted.gateway) return "a route with host scope can have no gateway";
        nexthop.nhc_scope = route_scope::nowhere;
        nexthop.nhc_dev = wanted.dev;
        return std::nullopt;
    }
    if (wanted.gateway) return check_gateway(config, wanted, nexthop);
    if (!wanted.dev->up) return fmt::format("device {} is not up", wanted.dev->name);
    nexthop.nhc_dev = wanted.dev;
    nexthop.nhc_scope = route_scope::host;
    if (!wanted.dev->carrier) nexthop.nhc_flags |= rtnh_f_linkdown;
    return std::nullopt;
}

// The gateway must itself be reached through a route of narrower scope.
configuration_error ipv4_routing::check_gateway(const fib_config& config, const nexthop_config& wanted,
                                                fib_nh_common& nexthop) {
    const auto unreachable = [&] {
        return fmt::format("gateway {} is not reachable: no route leads directly to it", wanted.gateway->to_string());
    };
    nexthop.nhc_gw_family = af_inet;
    nexthop.nhc_gw = *wanted.gateway;
    if (wanted.onlink) {
        if (!wanted.dev) return "onlink needs a device";
        nexthop.nhc_flags |= rtnh_f_onlink;
        nexthop.nhc_scope = route_scope::link;
        nexthop.nhc_dev = wanted.dev;
    } else {
        flowi4 flow;
        flow.daddr = *wanted.gateway;
        const auto scope = static_cast<int>(config.scope.value_or(route_scope::universe)) + 1;
        flow.flowi4_scope = static_cast<route_scope>(std::max(scope, static_cast<int>(route_scope::link)));
        flow.flowi4_oif = wanted.dev ? wanted.dev->ifindex : 0;
        flow.flowi4_iif = loopback_ifindex;
        fib_result result;
        if (lookup(flow, config.table, result) != 0) return unreachable();
        if (result.type != route_type::unicast && result.type != route_type::local) return unreachable();
        nexthop.nhc_scope = result.scope;
        nexthop.nhc_dev = result.nhc->nhc_dev;
    }
    if (!nexthop.nhc_dev->carrier) nexthop.nhc_flags |= rtnh_f_linkdown;
    return nexthop.nhc_dev->up ? configuration_error{} : fmt::format("device {} is not up", nexthop.nhc_dev->name);
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
