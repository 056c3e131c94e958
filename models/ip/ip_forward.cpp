#include "models/ip/ip_forward.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/ip/icmp_send.h"
#include "models/ip/ip_options.h"
#include "models/ip/ip_rt_send_redirect.h"
#include "models/routing/dev_queue_xmit.h"
#include "models/routing/rt_cache.h"
#include "models/socket/skb_free.h"

namespace rxpath {

namespace {

namespace step = path::ip_forward;

void drop(receive_context& context, sk_buff& skb, drop_reason reason) {
    sk_skb_reason_drop(context, skb, reason, fn::ip_forward);
}

// Which ways ip_dst_mtu_maybe_forward() goes; its value comes from ip_dst_mtu_forward().
void record_mtu_choice(kernel_call& here, const rtable& route, std::uint64_t now_jiffies, bool use_pmtu) {
    const bool metric_locked = dst_metric_locked(route.dst, rtax::mtu);
    const bool has_metric = dst_metric_raw(route.dst, rtax::mtu) != 0;
    if (!use_pmtu && !ip_mtu_locked(route)) {
        if (has_metric) here.took(step::mtu_of_route);
        return;
    }
    if (!use_pmtu) here.took(route.rt_mtu_locked != 0 ? step::route_locked : step::metric_locked);
    here.took(step::path_mtu_read);
    if (route.rt_pmtu != 0) {
        here.took(step::path_mtu_expiry);
        if (static_cast<std::int64_t>(now_jiffies - route.dst.expires) < 0) return;
    }
    here.took(step::path_mtu_unknown);
    if (has_metric) return;
    here.took(step::mtu_of_device);
    if (route.rt_mtu_locked == 0) {
        here.took(step::lock_check);
        if (!metric_locked) return here.took(step::not_locked);
    }
    here.took(step::gateway_check);
    if (route.rt_uses_gateway != 0) here.took(step::capped_for_gateway);
}

// Longer than the way allows, and not to be fragmented?
bool ip_exceeds_mtu(kernel_call& here, const sk_buff& skb, std::uint32_t mtu) {
    if (skb.len <= mtu) return false;
    here.took(step::too_long);
    return (skb.ip_hdr().frag_off() & ipv4_header_view::ip_df) != 0;
}

void ip_forward_finish(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_forward_finish};
    if (skb.ip_cb.optlen != 0) {
        here.took(path::ip_forward_finish::options);
        ip_forward_options(context, net, skb);
    }
    context.trace.leaf(fn::ip_output);
    const auto& route = *skb_rtable(skb);
    const auto nexthop = route.rt_gw_family == af_inet ? route.rt_gw4 : skb.ip_hdr().daddr();
    const bool resolved = route.dst.dev->loopback || net.routing.neigh_output(context, skb, nexthop);
    if (resolved && !dev_queue_xmit(context, *route.dst.dev, skb.number)) return;
    skb.forwarded = true;
    sent_packet sent{};
    sent.kind = sent_kind::forwarded;
    sent.number = skb.number;
    sent.from.address = skb.ip_hdr().saddr();
    sent.to.address = skb.ip_hdr().daddr();
    context.sent.push_back(sent);
}

// Not this host's business, in spite of its route: false, and the packet is dropped.
bool accepts(receive_context& context, kernel_call& here, network_namespace& net, sk_buff& skb) {
    if (skb.pkt_type != packet_type::host || skb.sk != nullptr) {
        here.took(step::not_for_forwarding);
        if (skb.pkt_type == packet_type::host) here.took(step::socket_owned);
        drop(context, skb, drop_reason::NOT_SPECIFIED);
        return false;
    }
    if (skb.ip_cb.router_alert != 0) {
        here.took(step::router_alert);
        context.trace.leaf(fn::ip_call_ra_chain);
    }
    if (skb.ip_hdr().ttl() > 1) return true;
    here.took(step::ttl_exceeded);
    icmp_send(context, net, skb, {icmp_time_exceeded, icmp_exc_ttl, 0});
    drop(context, skb, drop_reason::IP_INHDR);
    return false;
}

// A source route that names every hop has no room for a gateway.
bool strict_route_holds(receive_context& context, kernel_call& here, network_namespace& net, sk_buff& skb) {
    if (!skb.ip_cb.is_strictroute) return true;
    here.took(step::strict_route);
    if (skb_rtable(skb)->rt_uses_gateway == 0) return true;
    here.took(step::strict_route_failed);
    icmp_send(context, net, skb, {icmp_dest_unreach, icmp_sr_failed, 0});
    drop(context, skb, drop_reason::NOT_SPECIFIED);
    return false;
}

// The sender could have taken a better way; a source route is its own choice.
void redirect(receive_context& context, kernel_call& here, network_namespace& net, sk_buff& skb) {
    if ((skb.ip_cb.flags & ipskb_doredirect) == 0) return;
    if (skb.ip_cb.srr != 0) return here.took(step::source_routed);
    here.took(step::redirect);
    ip_rt_send_redirect(context, net, skb);
}

}  // namespace

void ip_forward(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_forward};
    if (!accepts(context, here, net, skb) || !strict_route_holds(context, here, net, skb)) return;
    const auto& route = *skb_rtable(skb);
    const bool use_pmtu = net.sysctls.ip_forward_use_pmtu != 0;
    const auto now = jiffies(context.now);
    context.trace.leaf(fn::__rcu_read_lock);
    record_mtu_choice(here, route, now, use_pmtu);
    context.trace.leaf(fn::__rcu_read_unlock);
    const auto mtu = ip_dst_mtu_forward(route.dst, now, use_pmtu);
    if (ip_exceeds_mtu(here, skb, mtu)) {
        here.took(step::too_big);
        icmp_send(context, net, skb, {icmp_dest_unreach, icmp_frag_needed, mtu});
        return drop(context, skb, drop_reason::PKT_TOO_BIG);
    }
    redirect(context, here, net, skb);
    if (net.sysctls.ip_forward_update_priority == 0) here.took(step::no_priority);
    ip_forward_finish(context, net, skb);
}

}  // namespace rxpath
