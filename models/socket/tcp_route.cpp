#include "models/socket/tcp_route.h"

#include <algorithm>

#include "models/base/kernel_functions/socket.h"
#include "models/routing/dev_queue_xmit.h"
#include "models/routing/ip_route_output.h"
#include "models/routing/ipv4_routing.h"
#include "models/routing/rt_cache.h"
#include "models/socket/inet_sockets.h"

namespace rxpath {

namespace {

output_way ip_route_output_flow(picoseconds now, inet_sockets& sockets, endpoint from, endpoint to, int bound_dev_if) {
    auto* routing = sockets.routing();
    if (routing == nullptr) return nullptr;
    flowi4 flow;
    flow.flowi4_oif = bound_dev_if;
    flow.flowi4_proto = ipproto_tcp;
    flow.saddr = from.address;
    flow.daddr = to.address;
    flow.fl4_sport = from.port.value;
    flow.fl4_dport = to.port.value;
    auto quiet = routing->quiet(now);
    if (auto* route = ip_route_output_key(quiet, *routing, flow)) return &route->dst;
    return bound_dev_if != 0 ? output_way{nullptr} : std::nullopt;
}

// __sk_dst_check(): the dst of the connection, if it still holds.
dst_entry* sk_dst_check(picoseconds now, sock& sk) {
    auto* dst = sk.sk_dst_cache;
    if (dst == nullptr) return nullptr;
    if (auto* routing = sk.skc_sockets->routing()) {
        auto quiet = routing->quiet(now);
        if (dst_check(quiet, *dst, 0) != nullptr) return dst;
    }
    sk.sk_dst_cache = nullptr;
    dst_release_immediate(dst);
    return nullptr;
}

output_way way_of(receive_context& context, sock& sk) {
    if (auto* dst = sk_dst_check(context.now, sk)) return dst;
    const auto way = inet_csk_route_req(context, sk);
    if (way) sk.sk_dst_cache = *way;  // sk_setup_caps()
    return way;
}

}  // namespace

output_way inet_csk_route_req(receive_context& context, const sock_common& sk) {
    const auto way = ip_route_output_flow(context.now, *sk.skc_sockets, sk.local(), sk.peer(), sk.skc_bound_dev_if);
    if (!way) ++context.counted.out_no_routes;
    return way;
}

bool ip_queue_xmit(receive_context& context, sock& sk, const sent_packet& segment) {
    const auto way = way_of(context, sk);
    if (!way) {
        context.drop(no_received_packet, drop_reason::IP_OUTNOROUTES, fn::__ip_queue_xmit);
        return false;
    }
    ip_output(context, way, segment);
    return true;
}

bool ip_send_unicast_reply(receive_context& context, inet_sockets& sockets, sent_packet reply, int bound_dev_if) {
    const auto way = ip_route_output_flow(context.now, sockets, reply.from, reply.to, bound_dev_if);
    if (!way) return false;
    ip_output(context, way, reply);
    dst_release_immediate(*way);
    return true;
}

void ip_output(receive_context& context, const output_way& way, sent_packet segment) {
    if (*way != nullptr && !dev_queue_xmit(context, *(*way)->dev, no_received_packet)) return;
    segment.comes_back = leads_to_this_host(way);
    context.sent.push_back(segment);
}

bool leads_to_this_host(const output_way& way) {
    return way && *way != nullptr && (rtable_of(**way).rt_flags & rtcf_local) != 0;
}

std::uint32_t dst_metric_advmss(const dst_entry* dst, picoseconds now) {
    constexpr std::uint32_t headers = ipv4_header_view::size + tcp_header_view::size;
    constexpr std::uint32_t ip_rt_min_advmss = 256, ipv4_max_pmtu = 65535;  // net.ipv4.route.min_adv_mss
    if (dst == nullptr) return tcp_sock{}.advmss;
    if (const auto advmss = dst_metric_raw(*dst, rtax::advmss)) return advmss;
    return std::min(std::max(ipv4_mtu(*dst, jiffies(now)) - headers, ip_rt_min_advmss), ipv4_max_pmtu - headers);
}

}  // namespace rxpath
