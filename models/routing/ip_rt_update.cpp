#include "models/routing/ip_rt_update.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/napi.h"
#include "models/base/kernel_functions/routing.h"
#include "models/base/kernel_functions/socket.h"
#include "models/routing/fib_lookup.h"
#include "models/routing/ip_route_output.h"
#include "models/routing/multipath.h"
#include "models/routing/rt_cache.h"

namespace rxpath {

namespace {

constexpr std::uint64_t gc_timeout = 300 * hz;  // ip_rt_gc_timeout: how long a redirect is believed, in jiffies

struct path_limit {
    std::uint32_t mtu;
    bool locked;
};

// Nothing when the route knows already, for long enough.
bool knows_already(const rtable& route, path_limit limit, std::uint64_t now, std::uint64_t mtu_expires) {
    return route.rt_pmtu == limit.mtu && !limit.locked &&
           static_cast<std::int64_t>(now - (route.dst.expires - mtu_expires / 2)) < 0;
}

void learn_pmtu(receive_context& context, ipv4_routing& routing, flowi4& flow, path_limit limit,
                std::uint64_t expires) {
    fib_result result;
    if (fib_lookup(context, routing, flow, result, 0) != 0) return;
    fib_select_path(context, routing, flow, result);
    const fnhe_news news{{}, limit.mtu, limit.locked, expires};
    if (result.fi->fib_nh.size() < 2) return update_or_create_fnhe(context, routing, *result.nhc, flow.daddr, news);
    for (auto& nexthop : result.fi->fib_nh) update_or_create_fnhe(context, routing, nexthop, flow.daddr, news);
}

bool is_gateway_address(ipv4_address address) {
    return !address.is_multicast() && !address.is_limited_broadcast() && !address.is_unspecified();
}

// A neighbour that nobody knows yet is asked for, and not valid until it answers (__neigh_create(),
// neigh_event_send()).
void neigh_create(receive_context& context, ipv4_routing& routing, const net_device& dev, ipv4_address address) {
    routing.address_type(context, address);
    context.trace.leaf(fn::__list_add_valid_or_report);
    context.trace.leaf(fn::sock_def_readable);  // of the driver: the question is on its way
    routing.neighbours().set(dev, address, false);
}

// May this device's neighbours advise this gateway?
bool believable(receive_context& context, ipv4_routing& routing, const icmp_redirect& redirect) {
    const auto& all = routing.devconf_all();
    const auto& own = redirect.dev->ip.cnf;
    // IN_DEV_RX_REDIRECTS: a router must hear it from both settings, a host from one.
    const bool accepts = own.forwarding != 0 ? all.accept_redirects != 0 && own.accept_redirects != 0
                                             : in_dev_orconf(all.accept_redirects, own.accept_redirects);
    if (!accepts || redirect.new_gateway == redirect.old_gateway || !is_gateway_address(redirect.new_gateway))
        return false;
    if (in_dev_orconf(all.shared_media, own.shared_media))
        return routing.address_type(context, redirect.new_gateway) == route_type::unicast;
    if (!inet_addr_onlink(*redirect.dev, redirect.new_gateway, redirect.old_gateway)) return false;
    return !in_dev_orconf(all.secure_redirects, own.secure_redirects) ||
           routing.is_default_gateway(redirect.new_gateway, *redirect.dev);
}

}  // namespace

void __ip_rt_update_pmtu(receive_context& context, ipv4_routing& routing, const rtable& route, flowi4 flow,
                         std::uint32_t mtu) {
    namespace step = path::__ip_rt_update_pmtu;
    kernel_call here{context.trace, fn::__ip_rt_update_pmtu};
    const auto old_mtu = ip_mtu_locked(route) ? 0 : ipv4_mtu(route.dst, jiffies(context.now));
    if (old_mtu < mtu || old_mtu == 0) return;
    const auto& sysctl = routing.sysctl();
    const auto least = static_cast<std::uint32_t>(sysctl.ip_rt_min_pmtu);
    const auto mtu_expires = static_cast<std::uint64_t>(sysctl.ip_rt_mtu_expires) * hz;
    const auto limit = mtu < least ? path_limit{std::min(old_mtu, least), true} : path_limit{mtu, false};
    const auto now = jiffies(context.now);
    context.trace.leaf(fn::__rcu_read_lock);
    if (knows_already(route, limit, now, mtu_expires)) {
        here.took(step::already_known);
    } else {
        here.took(step::route_looked_up);
        context.trace.reason([&] {
            return fmt::format("the path to {} takes {} bytes, {} were thought{}", flow.daddr.to_string(), limit.mtu,
                               old_mtu, limit.locked ? fmt::format(": locked, {} is below min_pmtu", mtu) : "");
        });
        learn_pmtu(context, routing, flow, limit, now + mtu_expires);
    }
    context.trace.leaf(fn::__rcu_read_unlock);
}

void ipv4_update_pmtu(receive_context& context, ipv4_routing& routing, const flowi4& flow, std::uint32_t mtu) {
    kernel_call here{context.trace, fn::ipv4_update_pmtu};
    record_make_kuid(context);
    auto* route = ip_route_output_key(context, routing, flow);
    if (!route) return;
    __ip_rt_update_pmtu(context, routing, *route, flow, mtu);
    dst_release(context, &route->dst);
}

void __ip_do_redirect(receive_context& context, ipv4_routing& routing, rtable& route, flowi4 flow,
                      const icmp_redirect& redirect, bool kill_route) {
    kernel_call here{context.trace, fn::__ip_do_redirect};
    if ((redirect.code & 7) > 3) return;
    if (route.rt_gw_family != af_inet || route.rt_gw4 != redirect.old_gateway) return;
    if (!believable(context, routing, redirect)) return;
    const auto* neighbour = routing.neighbours().lookup(*route.dst.dev, redirect.new_gateway);
    if (!neighbour) return neigh_create(context, routing, *route.dst.dev, redirect.new_gateway);
    if (!neighbour->valid) return;
    fib_result result;
    if (fib_lookup(context, routing, flow, result, 0) == 0) {
        fib_select_path(context, routing, flow, result);
        update_or_create_fnhe(context, routing, *result.nhc, flow.daddr,
                              {redirect.new_gateway, 0, false, jiffies(context.now) + gc_timeout});
    }
    if (kill_route) route.dst.obsolete = dst_obsolete::kill;
}

void ipv4_redirect(receive_context& context, ipv4_routing& routing, const flowi4& flow, const icmp_redirect& redirect) {
    record_make_kuid(context);
    auto* route = ip_route_output_key(context, routing, flow);
    if (!route) return;
    __ip_do_redirect(context, routing, *route, flow, redirect, false);
    dst_release(context, &route->dst);
}

}  // namespace rxpath
