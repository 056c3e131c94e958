#include "models/ip/icmp_send.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/ip/ip_loopback.h"
#include "models/routing/dev_queue_xmit.h"
#include "models/routing/icmp_route_lookup.h"
#include "models/routing/rtable.h"

namespace rxpath {

namespace {

constexpr std::uint32_t most_bytes = 576;  // of an error with its headers (RFC 1812 §4.3.2.3)
constexpr std::uint8_t precedence_internetcontrol = 0xc0, tos_mask = 0x1e;

// Errors are answered neither to groups nor to errors, nor to any but the first fragment (RFC 1122 §3.2.2).
bool may_be_answered(const sk_buff& skb, const icmp_error& error) {
    const auto* route = skb_rtable(skb);
    if (route == nullptr || skb.pkt_type != packet_type::host) return false;
    if ((route->rt_flags & (rtcf_broadcast | rtcf_multicast)) != 0) return false;
    const auto ip = skb.ip_hdr();
    if ((ip.frag_off() & ipv4_header_view::ip_offset) != 0) return false;
    if (!is_icmp_error(error.type) || ip.protocol() != ipproto_icmp) return true;
    const auto inner = skb.network_header + ip.ihl() * 4u;
    return skb.head.size() > inner && skb.head[inner] <= nr_icmp_types && !is_icmp_error(skb.head[inner]);
}

// icmpv4_mask_allow(): is this type sent at any rate?
bool unlimited(const sysctl_ipv4& sysctls, const icmp_error& error) {
    if (error.type == icmp_dest_unreach && error.code == icmp_frag_needed) return true;
    return error.type > nr_icmp_types || ((1 << error.type) & sysctls.icmp_ratemask) == 0;
}

// icmpv4_xrlim_allow()
bool peer_allows(receive_context& context, network_namespace& net, ipv4_address peer) {
    const auto now = static_cast<std::int64_t>(jiffies(context.now));
    const auto timeout = static_cast<std::int64_t>(net.sysctls.icmp_ratelimit) * static_cast<std::int64_t>(hz) / 1000;
    if (!net.peers.get(peer, now).allow_icmp(now, timeout)) return false;
    net.icmp.consume(context.random);
    return true;
}

// icmp_push_reply(): the error carries the beginning of the packet.
void push(receive_context& context, network_namespace& net, const sk_buff& skb, const icmp_error& error,
          ipv4_address source) {
    const auto ip = skb.ip_hdr();
    sent_packet sent{};
    sent.kind = sent_kind::icmp_error;
    sent.from.address = source;
    sent.to.address = ip.saddr();
    context.sent.push_back(sent);
    const auto* begin = skb.head.data() + skb.network_header;
    const auto size = std::min<std::size_t>(skb.head.size() - skb.network_header, most_bytes - 28);
    const auto tos = static_cast<std::uint8_t>((ip.tos() & tos_mask) | precedence_internetcontrol);
    loop_back_icmp(context, net, {source, ip.saddr(), tos}, error, {begin, size});
}

}  // namespace

void icmp_send(receive_context& context, network_namespace& net, sk_buff& skb, const icmp_error& error) {
    kernel_call here{context.trace, fn::__icmp_send};
    if (!may_be_answered(skb, error)) return;
    const bool limited = !unlimited(net.sysctls, error);
    if (limited && !net.icmp.allow(net.sysctls, jiffies(context.now)) && !skb.dev->loopback) return;
    const bool for_this_host = (skb_rtable(skb)->rt_flags & rtcf_local) != 0;
    const auto ip = skb.ip_hdr();
    const auto way = icmp_route_lookup(context, net.routing, skb, for_this_host ? ip.daddr() : ipv4_address{});
    if (!way) return;
    const bool to_itself = way->type == route_type::local || way->dev->loopback;  // through the loopback device
    if (limited && !to_itself && !peer_allows(context, net, ip.saddr())) return;
    if (!to_itself && !dev_queue_xmit(context, *way->dev, no_received_packet)) return;
    push(context, net, skb, error, for_this_host ? ip.daddr() : way->source);
}

}  // namespace rxpath
