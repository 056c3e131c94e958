#include "models/routing/ip_route_output.h"

#include <algorithm>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/routing.h"
#include "models/routing/fib_lookup.h"
#include "models/routing/multipath.h"
#include "models/routing/rt_cache.h"

namespace rxpath {

namespace {

// Has the host this address? (__ip_dev_find())
bool is_own_address(receive_context& context, ipv4_routing& routing, ipv4_address address) {
    kernel_call here{context.trace, fn::__ip_dev_find};
    context.trace.leaf(fn::__rcu_read_lock);
    const auto& bucket = routing.address_bucket(address);
    const bool own = std::find(bucket.begin(), bucket.end(), address) != bucket.end();
    context.trace.leaf(fn::__rcu_read_unlock);
    return own || routing.is_local_in(rt_table_local, address);
}

rtable* cached_route(receive_context& context, const fib_result& result, const fib_nh_exception* exception) {
    auto* cached = exception ? exception->fnhe_rth_output : result.nhc->nhc_rth_output;
    return rt_cache_valid(context, cached) && dst_hold_safe(cached->dst) ? cached : nullptr;
}

// __mkroute_output(), which the compiler put into its caller.
rtable* mkroute_output(receive_context& context, ipv4_routing& routing, kernel_call& here, const fib_result& result,
                       const flowi4& flow, net_device& dev) {
    auto* exception = find_exception(context, *result.nhc, flow.daddr);
    if (auto* cached = cached_route(context, result, exception)) return cached;
    here.took(path::ip_route_output_key_hash_rcu::route_made);
    std::uint32_t flags = dev.loopback ? rtcf_local : 0;
    if (result.type == route_type::broadcast) flags |= rtcf_broadcast | rtcf_local;
    auto& route = rt_dst_alloc(context, routing, dev, flags, result.type);
    rt_set_nexthop(context, routing, route, flow.daddr, result, exception);
    return &route;
}

rtable* ip_route_output_key_hash_rcu(receive_context& context, ipv4_routing& routing, flowi4& flow) {
    kernel_call here{context.trace, fn::ip_route_output_key_hash_rcu};
    if (!flow.saddr.is_unspecified() && !is_own_address(context, routing, flow.saddr)) return nullptr;
    fib_result result;
    if (fib_lookup(context, routing, flow, result, 0) != 0) return nullptr;
    if (result.type == route_type::local)
        return mkroute_output(context, routing, here, result, flow, routing.loopback_dev());
    fib_select_path(context, routing, flow, result);
    return mkroute_output(context, routing, here, result, flow, *result.nhc->nhc_dev);
}

}  // namespace

rtable* ip_route_output_key(receive_context& context, ipv4_routing& routing, flowi4 flow) {
    kernel_call here{context.trace, fn::ip_route_output_key_hash};
    flow.flowi4_iif = loopback_ifindex;
    context.trace.leaf(fn::__rcu_read_lock);
    auto* route = ip_route_output_key_hash_rcu(context, routing, flow);
    context.trace.leaf(fn::__rcu_read_unlock);
    return route;
}

void fib_select_path(receive_context& context, const ipv4_routing& routing, const flowi4& flow, fib_result& result) {
    kernel_call here{context.trace, fn::fib_select_path};
    if (flow.flowi4_oif == 0 && result.fi->fib_nh.size() > 1)
        fib_select_multipath(context, routing, result, fib_multipath_hash(context, routing, flow));
}

}  // namespace rxpath
