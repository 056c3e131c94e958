#include "models/ip/ip_rcv_finish_core.h"

#include <cerrno>

#include <fmt/format.h>

#include "models/base/kernel_functions/ip.h"
#include "models/ip/ip_options.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/rtable.h"
#include "models/routing/works_on.h"
#include "models/socket/skb_free.h"

namespace rxpath {

namespace {

using namespace path::ip_rcv_finish_core;

bool drop(receive_context& context, sk_buff& skb, drop_reason reason) {
    sk_skb_reason_drop(context, skb, reason, fn::ip_rcv_finish_core);
    context.trace.leave();
    return false;
}

bool refuse_route(receive_context& context, sk_buff& skb, std::uint32_t here, int route_error) {
    context.trace.took(here, dropped);
    const bool by_rp_filter = route_error == -EXDEV;
    if (by_rp_filter) context.trace.took(here, dropped_by_rp_filter);
    context.trace.reason([&] {
        return fmt::format("dropped: routing refused it {}(errno {})", by_rp_filter ? "by rp_filter " : "",
                           -route_error);
    });
    return drop(context, skb, by_rp_filter ? drop_reason::IP_RPFILTER : drop_reason::NOT_SPECIFIED);
}

// May a packet with a source route pass? net.ipv4.conf.*.accept_source_route, of all and of the device.
bool follow_source_route(receive_context& context, network_namespace& net, sk_buff& skb, std::uint32_t here) {
    const auto refuse = [&](step why) {
        context.trace.took(here, why);
        return false;
    };
    if (net.sysctls.devconf_all.accept_source_route == 0) return refuse(source_routed);
    if (skb.dev->ip.cnf.accept_source_route == 0) return refuse(source_route_off_here);
    if (!ip_options_rcv_srr(context, net, skb)) return refuse(source_route_refused);
    context.trace.took(here, source_route_followed);
    return true;
}

// ip_rcv_options(): false when the packet is refused.
bool accept_options(receive_context& context, network_namespace& net, sk_buff& skb, std::uint32_t here) {
    if (skb.ip_hdr().ihl() == 5) return true;
    context.trace.took(here, has_options);
    if (!ip_options_compile(context, net, skb)) {
        context.trace.took(here, options_refused);
        return false;
    }
    return skb.ip_cb.srr == 0 || follow_source_route(context, net, skb, here);
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
    if (!accept_options(context, net, skb, here)) return drop(context, skb, drop_reason::NOT_SPECIFIED);
    works_on_dst(context.trace, *skb_dst(skb));
    context.trace.took(here, routed);
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
