#include "models/routing/icmp_route_lookup.h"

#include "models/base/kernel_functions/ip.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/ip_route_output.h"

namespace rxpath {

namespace {

void look_up_output(receive_context& context, ipv4_routing& routing, ipv4_address source, ipv4_address destination) {
    flowi4 flow;
    flow.saddr = source;
    flow.daddr = destination;
    if (auto* route = ip_route_output_key(context, routing, flow)) dst_release_immediate(&route->dst);
}

// The way to the sender as a packet from `skb`'s destination would have it. The packet keeps its own.
void look_up_input(receive_context& context, ipv4_routing& routing, sk_buff& skb, net_device& dev) {
    const auto ip = skb.ip_hdr();
    const auto kept_dst = skb._skb_refdst;
    const auto kept_flags = skb.ip_cb.flags;
    const auto kept_source = skb.routed_by;
    skb._skb_refdst = 0;
    if (ip_route_input_noref(context, routing, skb, ip.saddr(), ip.daddr(), ip.tos(), dev) == 0)
        skb_dst_drop(context, skb);
    skb._skb_refdst = kept_dst;
    skb.ip_cb.flags = kept_flags;
    skb.routed_by = kept_source;
}

}  // namespace

std::optional<output_route> icmp_route_lookup(receive_context& context, ipv4_routing& routing, sk_buff& skb,
                                              ipv4_address source) {
    kernel_call here{context.trace, fn::icmp_route_lookup};
    const auto ip = skb.ip_hdr();
    const auto way = routing.route_output(ip.saddr());
    look_up_output(context, routing, source, ip.saddr());
    if (!way) return way;
    if (routing.address_type(context, ip.saddr()) == route_type::local) return way;
    if (routing.address_type(context, ip.daddr()) == route_type::local) {
        look_up_output(context, routing, ip.daddr(), ip.saddr());
        return way;
    }
    look_up_output(context, routing, {}, ip.daddr());
    if (const auto onward = routing.route_output(ip.daddr())) look_up_input(context, routing, skb, *onward->dev);
    return way;
}

}  // namespace rxpath
