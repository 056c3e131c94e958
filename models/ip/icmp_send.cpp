#include "models/ip/icmp_send.h"

#include "models/routing/ip_route_input.h"

namespace rxpath {

void icmp_send(receive_context& context, network_namespace& net, sk_buff& skb, bool limited) {
    context.trace.leaf(fn::__icmp_send);
    note_icmp_error(context, net.routing, skb);
    const auto header = skb.ip_hdr();
    const auto now = static_cast<std::int64_t>(jiffies(context.now));
    if (limited && !net.peers.get(header.saddr(), now).allow_icmp(now)) return;
    sent_packet sent{};
    sent.kind = sent_kind::icmp_error;
    sent.from.address = header.daddr();
    sent.to.address = header.saddr();
    context.sent.push_back(sent);
}

}  // namespace rxpath
