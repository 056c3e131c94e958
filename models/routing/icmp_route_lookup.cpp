#include "models/routing/ip_route_input.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

void note_icmp_error(receive_context& context, ipv4_routing& routing, sk_buff& skb) {
    const auto header = skb.ip_hdr();
    routing.note_output_lookup(header.saddr());
    if (routing.is_local_in(rt_table_local, header.saddr()) || routing.is_local_in(rt_table_local, header.daddr()))
        return;
    auto* device = routing.note_output_lookup(header.daddr());
    if (!device) return;
    const auto kept_dst = skb._skb_refdst;
    const auto kept_flags = skb.ip_cb.flags;
    const auto kept_source = skb.routed_by;
    skb._skb_refdst = 0;
    auto quiet = routing.quiet(context.now);
    if (ip_route_input_noref(quiet, routing, skb, header.saddr(), header.daddr(), header.tos(), *device) == 0)
        skb_dst_drop(quiet, skb);
    skb._skb_refdst = kept_dst;
    skb.ip_cb.flags = kept_flags;
    skb.routed_by = kept_source;
}

}  // namespace rxpath
