#include "models/ip/ip_expire.h"

#include "models/ip/icmp_send.h"
#include "models/routing/ip_route_input.h"

namespace rxpath {

void ip_expire(receive_context& context, network_namespace& net) {
    sk_buff first;
    while (net.fragments.expire(context, first)) {
        if (first.head.empty()) continue;
        const auto ip = first.ip_hdr();
        const int error =
            ip_route_input_noref(context, net.routing, first, ip.daddr(), ip.saddr(), ip.tos(), *first.dev);
        if (error != 0) continue;
        icmp_send(context, net, first, {icmp_time_exceeded, icmp_exc_fragtime, 0});
        skb_dst_drop(context, first);
    }
}

}  // namespace rxpath
