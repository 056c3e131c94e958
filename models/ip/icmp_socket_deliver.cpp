#include "models/ip/icmp_socket_deliver.h"

#include <fmt/format.h>

#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/routing.h"
#include "models/base/kernel_functions/socket.h"
#include "models/routing/ip_route_output.h"
#include "models/routing/ip_rt_update.h"
#include "models/routing/rt_cache.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/udp_lookup.h"

namespace rxpath {

namespace {

// The packet of this host that an error quotes: its addresses, and the first eight bytes of what it carried.
struct quoted_packet {
    ipv4_header_view ip;
    const std::uint8_t* transport;

    port_number source() const { return {load_be16(transport)}; }
    port_number dest() const { return {load_be16(transport + 2)}; }
    tcp_sequence seq() const { return {load_be32(transport + 4)}; }
    flowi4 flow() const {
        flowi4 flow;
        flow.saddr = ip.saddr();
        flow.daddr = ip.daddr();
        flow.flowi4_proto = ip.protocol();
        return flow;
    }
};

bool asks_for_smaller(const icmp_error& error) {
    return error.type == icmp_dest_unreach && error.code == icmp_frag_needed;
}

bool is_of_path(const icmp_error& error) { return asks_for_smaller(error) || error.type == icmp_redirect_type; }

icmp_redirect redirect_of(const sk_buff& skb, const icmp_error& error) {
    return {error.code, {error.info}, skb.ip_hdr().saddr(), skb.dev};
}

// What the error says of the path of a socket that has a route: the route learns it.
void teach(receive_context& context, network_namespace& net, const sk_buff& skb, const quoted_packet& quoted,
           const icmp_error& error, rtable& route) {
    ipv4_dst_check(context, route.dst, 0);
    if (asks_for_smaller(error))
        __ip_rt_update_pmtu(context, net.routing, route, quoted.flow(), error.info);
    else
        __ip_do_redirect(context, net.routing, route, quoted.flow(), redirect_of(skb, error), true);
}

// The route of a connected socket: the socket holds it, so finding it costs nothing.
rtable* route_of_socket(receive_context& context, network_namespace& net, const quoted_packet& quoted) {
    auto quiet = net.routing.quiet(context.now);
    return ip_route_output_key(quiet, net.routing, quoted.flow());
}

// tcp_v4_mtu_reduced(): the connection looks for a new route when its own is obsolete now.
void tcp_v4_mtu_reduced(receive_context& context, network_namespace& net, const sk_buff& skb,
                        const quoted_packet& quoted, const icmp_error& error, rtable& route) {
    kernel_call here{context.trace, fn::tcp_v4_mtu_reduced};
    teach(context, net, skb, quoted, error, route);
    if (ipv4_dst_check(context, route.dst, 0) != nullptr) return;
    context.trace.took(context.trace.enter(fn::dst_release), path::dst_release::referenced);
    context.trace.leave();
    auto* renewed = ip_route_output_key(context, net.routing, quoted.flow());
    dst_release(context, nullptr);
    if (renewed != nullptr) dst_release_immediate(&renewed->dst);
}

void tcp_learn(receive_context& context, network_namespace& net, const sk_buff& skb, const quoted_packet& quoted,
               const icmp_error& error) {
    auto* route = route_of_socket(context, net, quoted);
    if (route == nullptr) return;
    if (asks_for_smaller(error))
        tcp_v4_mtu_reduced(context, net, skb, quoted, error, *route);
    else
        teach(context, net, skb, quoted, error, *route);
    dst_release_immediate(&route->dst);
}

void tcp_v4_err(receive_context& context, network_namespace& net, const sk_buff& skb, const quoted_packet& quoted,
                const icmp_error& error) {
    kernel_call here{context.trace, fn::tcp_v4_err};
    auto* found = __inet_lookup_established(context, net.sockets.hashinfo(), net, quoted.ip.daddr(), quoted.dest(),
                                            quoted.ip.saddr(), quoted.source(), skb.dev->ifindex, inet_sdif(skb));
    if (found == nullptr) return;
    if (sk_fullsock(*found)) {
        const auto& sk = tcp_sk(*found);
        const bool in_flight = !before(quoted.seq(), sk.snd_una) && !after(quoted.seq(), sk.snd_nxt);
        context.trace.reason([&] {
            return fmt::format("the error is about sequence {}, {} what is in flight ({} to {})", quoted.seq().value,
                               in_flight ? "within" : "outside", sk.snd_una.value, sk.snd_nxt.value);
        });
        if (in_flight && is_of_path(error) && !sk.sk_owned) tcp_learn(context, net, skb, quoted, error);
    }
    sock_put(context, *found);
}

// ipv4_sk_update_pmtu(): a connected socket has a route, for another it is looked up.
void udp_learn_pmtu(receive_context& context, network_namespace& net, const sk_buff& skb, const quoted_packet& quoted,
                    const icmp_error& error, bool connected) {
    auto* route =
        connected ? route_of_socket(context, net, quoted) : ip_route_output_key(context, net.routing, quoted.flow());
    if (route == nullptr) return;
    if (connected)
        teach(context, net, skb, quoted, error, *route);
    else
        __ip_rt_update_pmtu(context, net.routing, *route, quoted.flow(), error.info);
    dst_release(context, &route->dst);
    if (!connected) dst_release(context, nullptr);
}

// ipv4_sk_redirect()
void udp_learn_gateway(receive_context& context, network_namespace& net, const sk_buff& skb,
                       const quoted_packet& quoted, const icmp_error& error) {
    auto* route = ip_route_output_key(context, net.routing, quoted.flow());
    if (route == nullptr) return;
    __ip_do_redirect(context, net.routing, *route, quoted.flow(), redirect_of(skb, error), false);
    dst_release(context, &route->dst);
}

void udp_err(receive_context& context, network_namespace& net, const sk_buff& skb, const quoted_packet& quoted,
             const icmp_error& error) {
    kernel_call here{context.trace, fn::udp_err};
    if (asks_for_smaller(error)) ipv4_update_pmtu(context, net.routing, quoted.flow(), error.info);
    if (error.type == icmp_redirect_type) ipv4_redirect(context, net.routing, quoted.flow(), redirect_of(skb, error));
    kernel_call lib{context.trace, fn::__udp4_lib_err};
    const auto* sk = __udp4_lib_lookup(context, net.sockets, quoted.ip.daddr(), quoted.dest(), quoted.ip.saddr(),
                                       quoted.source(), skb.dev->ifindex, inet_sdif(skb));
    if (sk == nullptr) return;
    if (asks_for_smaller(error))
        udp_learn_pmtu(context, net, skb, quoted, error, sk->skc_state == TCP_ESTABLISHED);
    else if (error.type == icmp_redirect_type)
        udp_learn_gateway(context, net, skb, quoted, error);
}

// Of what ICMP sent itself, only echo replies have a path to learn of; errors of other messages are for ping sockets.
void icmp_err(receive_context& context, network_namespace& net, const sk_buff& skb, const quoted_packet& quoted,
              const icmp_error& error) {
    constexpr std::uint8_t echo_reply = 0;
    if (*quoted.transport != echo_reply) return;
    const auto flow = quoted.flow();
    if (asks_for_smaller(error)) ipv4_update_pmtu(context, net.routing, flow, error.info);
    if (error.type == icmp_redirect_type) ipv4_redirect(context, net.routing, flow, redirect_of(skb, error));
}

}  // namespace

void icmp_socket_deliver(receive_context& context, network_namespace& net, sk_buff& skb, const icmp_error& error) {
    kernel_call here{context.trace, fn::icmp_socket_deliver};
    const std::uint32_t header = ipv4_header_view::at(skb.linear_bytes(), skb.data)->ihl() * 4u;
    if (!skb.pskb_may_pull(header + 8)) return;
    const quoted_packet quoted{*ipv4_header_view::at(skb.linear_bytes(), skb.data),
                               skb.head.data() + skb.data + header};
    switch (quoted.ip.protocol()) {
        case ipproto_tcp:
            return tcp_v4_err(context, net, skb, quoted, error);
        case ipproto_udp:
            return udp_err(context, net, skb, quoted, error);
        case ipproto_icmp:
            return icmp_err(context, net, skb, quoted, error);
        default:
            return;
    }
}

}  // namespace rxpath
