#include "models/ip/ip_rcv_finish_core.h"

#include <cerrno>

#include <fmt/format.h>

#include "models/routing/ip_route_input.h"
#include "models/routing/rtable.h"

namespace rxpath {

namespace {

using namespace path::ip_rcv_finish_core;

bool drop(receive_context& context, sk_buff& skb, drop_reason reason) {
    context.trace.leaf(fn::sk_skb_reason_drop);
    context.drop(skb.number, reason, fn::ip_rcv_finish_core);
    context.trace.leave();
    return false;
}

bool refuse_route(receive_context& context, sk_buff& skb, std::uint32_t here, int route_error) {
    context.trace.took(here, dropped);
    const bool by_rp_filter = route_error == -EXDEV;
    if (by_rp_filter) context.trace.took(here, dropped_by_rp_filter);
    context.trace.reason([&] { return fmt::format("routing answered {}: dropped", route_error); });
    return drop(context, skb, by_rp_filter ? drop_reason::IP_RPFILTER : drop_reason::NOT_SPECIFIED);
}

// ip_rcv_options(): false when the packet is refused. Options are compiled, not acted on; a source route is refused, as
// net.ipv4.conf.*.accept_source_route=0 has it.
bool accept_options(receive_context& context, const sk_buff& skb, std::uint32_t here) {
    const auto header = skb.ip_hdr();
    if (header.ihl() == 5) return true;
    context.trace.took(here, has_options);
    context.trace.leaf(fn::ip_options_compile);
    const auto* option = header.bytes() + ipv4_header_view::size;
    const auto* end = header.bytes() + header.ihl() * 4u;
    while (option < end && *option != 0) {
        const bool is_source_route = *option == 131 || *option == 137;  // LSRR, SSRR (RFC 791 §3.1)
        if (is_source_route) {
            context.trace.took(here, source_routed);
            return false;
        }
        const auto size = *option == 1 || option + 1 == end ? 1 : option[1];
        if (size == 0) break;
        option += size;
    }
    return true;
}

bool in_link_layer_group(const sk_buff& skb) {
    return skb.pkt_type == packet_type::broadcast || skb.pkt_type == packet_type::multicast;
}

}  // namespace

std::uint32_t begin_ip_rcv_finish_core(receive_context& context, sk_buff& /*skb*/) {
    return context.trace.enter(fn::ip_rcv_finish_core);
}

bool end_ip_rcv_finish_core(receive_context& context, network_namespace& net, sk_buff& skb, int route_error) {
    const auto here = context.trace.open_call();
    if (route_error != 0) return refuse_route(context, skb, here, route_error);
    if (!accept_options(context, skb, here)) return drop(context, skb, drop_reason::NOT_SPECIFIED);
    const auto type = static_cast<route_type>(skb_rtable(skb)->rt_type);
    if (type == route_type::multicast) {
        context.trace.took(here, multicast_route);
    } else if (type == route_type::broadcast) {
        context.trace.took(here, broadcast_route);
    } else if (in_link_layer_group(skb)) {
        context.trace.took(here, l2_multicast);
        if (net.sysctls.devconf_all.drop_unicast_in_l2_multicast != 0 ||
            skb.dev->ip.cnf.drop_unicast_in_l2_multicast != 0)
            return drop(context, skb, drop_reason::UNICAST_IN_L2_MULTICAST);
    }
    context.trace.leave();
    return true;
}

}  // namespace rxpath
