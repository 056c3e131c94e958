#include "models/routing/ip_rt_get_source.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/routing/fib_lookup.h"

namespace rxpath {

ipv4_address ip_rt_get_source(receive_context& context, ipv4_routing& routing, const sk_buff& skb,
                              const rtable& route) {
    kernel_call here{context.trace, fn::ip_rt_get_source};
    const auto ip = skb.ip_hdr();
    const auto& dev = *route.dst.dev;
    flowi4 flow;
    flow.daddr = ip.daddr();
    flow.saddr = ip.saddr();
    flow.flowi4_tos = ip.tos() & inet_dscp_mask;
    flow.flowi4_oif = dev.ifindex;
    flow.flowi4_iif = skb.dev->ifindex;
    flow.flowi4_mark = skb.mark;
    context.trace.leaf(fn::__rcu_read_lock);
    fib_result result;
    const bool found = fib_lookup(context, routing, flow, result, 0) == 0;
    const auto nexthop = route.rt_gw_family == af_inet ? route.rt_gw4 : ip.daddr();
    const auto source =
        found ? routing.fib_result_prefsrc(result) : routing.inet_select_addr(dev, nexthop, route_scope::universe);
    context.trace.leaf(fn::__rcu_read_unlock);
    return source;
}

}  // namespace rxpath
