#include "models/ip/ip_forward.h"

#include <fmt/format.h>

#include "models/ip/icmp_send.h"
#include "models/routing/rtable.h"

namespace rxpath {

namespace {

// ip_rt_redirect_silence, _number and _load of net/ipv4/route.c, in jiffies for one base unit of HZ / 50.
constexpr std::int64_t redirect_load = hz / 50;
constexpr std::uint32_t redirect_number = 9;
constexpr std::int64_t redirect_silence = redirect_load << (redirect_number + 1);

void drop(receive_context& context, const sk_buff& skb, drop_reason reason) {
    context.trace.leaf(fn::sk_skb_reason_drop);
    context.drop(skb.number, reason, fn::ip_forward);
}

// True when a redirect is due: few so far, and long enough after the last one.
bool redirect_due(inet_peer& peer, std::int64_t now) {
    if (now > peer.rate_last + redirect_silence) {
        peer.rate_tokens = 0;
        peer.n_redirects = 0;
    }
    if (peer.n_redirects >= redirect_number) {
        peer.rate_last = now;
        return false;
    }
    return peer.n_redirects == 0 || now > peer.rate_last + (redirect_load << peer.n_redirects);
}

void ip_rt_send_redirect(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_rt_send_redirect};
    const auto now = static_cast<std::int64_t>(jiffies(context.now));
    context.trace.leaf(fn::__rcu_read_lock);
    context.trace.leaf(fn::l3mdev_master_ifindex_rcu);
    auto& peer = net.peers.get(skb.ip_hdr().saddr(), now);
    if (redirect_due(peer, now)) {
        here.took(path::ip_rt_send_redirect::first_of_peer);
        icmp_send(context, net, skb, false);
        peer.rate_last = now;
        ++peer.n_redirects;
    }
    context.trace.leaf(fn::__rcu_read_unlock);
}

bool exceeds_mtu(const sk_buff& skb, const rtable& route) {
    const bool may_not_fragment = (skb.ip_hdr().frag_off() & ipv4_header_view::ip_df) != 0;
    return may_not_fragment && skb.len > route.dst.dev->mtu;
}

void send_on(receive_context& context, sk_buff& skb) {
    skb.forwarded = true;
    kernel_call finish{context.trace, fn::ip_forward_finish};
    context.trace.leaf(fn::ip_output);
    sent_packet sent{};
    sent.kind = sent_kind::forwarded;
    sent.from.address = skb.ip_hdr().saddr();
    sent.to.address = skb.ip_hdr().daddr();
    context.sent.push_back(sent);
}

}  // namespace

void ip_forward(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_forward};
    if (skb.pkt_type != packet_type::host || skb.sk != nullptr) {
        here.took(path::ip_forward::not_for_forwarding);
        return drop(context, skb, drop_reason::NOT_SPECIFIED);
    }
    if (skb.ip_hdr().ttl() <= 1) {
        here.took(path::ip_forward::ttl_exceeded);
        icmp_send(context, net, skb, true);
        return drop(context, skb, drop_reason::IP_INHDR);
    }
    context.trace.leaf(fn::__rcu_read_lock);
    context.trace.leaf(fn::__rcu_read_unlock);
    if (exceeds_mtu(skb, *skb_rtable(skb))) {
        icmp_send(context, net, skb, true);
        return drop(context, skb, drop_reason::PKT_TOO_BIG);
    }
    if ((skb.ip_cb.flags & ipskb_doredirect) != 0) {
        here.took(path::ip_forward::redirect);
        ip_rt_send_redirect(context, net, skb);
    }
    send_on(context, skb);
}

}  // namespace rxpath
