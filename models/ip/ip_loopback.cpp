#include "models/ip/ip_loopback.h"

#include <algorithm>
#include <optional>

#include "models/base/checksum.h"
#include "models/routing/rt_cache.h"
#include "models/wire/frame_builder.h"

namespace rxpath {

namespace {

// How a packet to `address` comes back; nothing when it does not.
std::optional<output_route> way_back(network_namespace& net, ipv4_address address) {
    const auto route = net.routing.route_output(address);
    if (!route) return std::nullopt;
    if (route->type == route_type::local) return output_route{route->type, &net.routing.loopback_dev(), route->source};
    if (route->type == route_type::broadcast) return route;
    const auto& groups = route->dev->ip.mc_list;
    const bool joined = address.is_multicast() && std::find(groups.begin(), groups.end(), address) != groups.end();
    return joined ? std::optional{output_route{route_type::multicast, route->dev, route->source}} : std::nullopt;
}

std::uint32_t flags_of(route_type type) {
    if (type == route_type::broadcast) return rtcf_local | rtcf_broadcast;
    return type == route_type::multicast ? rtcf_local | rtcf_multicast : rtcf_local;
}

// netif_rx(): it waits for the backlog's poll, with the dst that it was sent through.
// Copies that leave the host too count as verified (dev_loopback_xmit()), and so does what a socket sent; what the stack
// answers by itself has a checksum that nobody has looked at.
void netif_rx(receive_context& context, network_namespace& net, const output_route& way, packet frame,
              bool of_a_socket) {
    auto quiet = net.routing.quiet(context.now);
    auto& route = rt_dst_alloc(quiet, net.routing, *way.dev, flags_of(way.type), way.type);
    frame.type = way.type == route_type::local ? packet_type::host : packet_type::loopback;
    frame.csum_verified_by_nic = of_a_socket || way.type != route_type::local;
    context.looped.push_back({std::move(frame), way.dev, &route.dst});
}

std::uint8_t flags_of(const sent_packet& sent) {
    if (sent.tcp_flags != 0) return sent.tcp_flags;
    switch (sent.kind) {
        case sent_kind::syn_ack:
            return tcphdr_syn | tcphdr_ack;
        case sent_kind::reset:
            return tcphdr_rst;
        case sent_kind::fin:
            return tcphdr_fin | tcphdr_ack;
        default:
            return tcphdr_ack;
    }
}

void store_be16(std::uint8_t* at, std::uint32_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}

void store_be32(std::uint8_t* at, std::uint32_t value) {
    store_be16(at, value >> 16);
    store_be16(at + 2, value);
}

std::uint16_t checksum(const std::uint8_t* bytes, std::size_t size) {
    return static_cast<std::uint16_t>(~csum_fold(internet_sum(bytes, size)));
}

packet build_icmp(const icmp_route& way, const icmp_error& message, byte_view payload) {
    packet out;
    out.bytes.assign(ipv4_header_view::size + icmp_header_size, 0);
    out.bytes.insert(out.bytes.end(), payload.data, payload.data + payload.size);
    out.length = {out.bytes.size()};
    auto* ip = out.bytes.data();
    ip[0] = 0x45;
    ip[1] = way.tos;
    store_be16(ip + 2, static_cast<std::uint32_t>(out.bytes.size()));
    ip[8] = 64;  // time to live
    ip[9] = ipproto_icmp;
    store_be32(ip + 12, way.from.value);
    store_be32(ip + 16, way.to.value);
    store_be16(ip + 10, checksum(ip, ipv4_header_view::size));
    auto* icmp = ip + ipv4_header_view::size;
    icmp[0] = message.type;
    icmp[1] = message.code;
    store_be32(icmp + 4, message.info);
    store_be16(icmp + 2, checksum(icmp, icmp_header_size + payload.size));
    return out;
}

}  // namespace

void loop_back_tcp(receive_context& context, network_namespace& net, const sent_packet& sent) {
    const auto way = way_back(net, sent.to.address);
    if (!way) return;
    tcp_segment segment;
    segment.from = sent.from;
    segment.to = sent.to;
    segment.seq = sent.seq;
    segment.ack_seq = sent.ack_seq;
    segment.flags = flags_of(sent);
    segment.window = sent.window;
    packet frame;
    build_tcp(frame, segment, 0);
    netif_rx(context, net, *way, std::move(frame), sent.kind != sent_kind::reset);
}

void loop_back_icmp(receive_context& context, network_namespace& net, const icmp_route& way, const icmp_error& message,
                    byte_view payload) {
    if (const auto back = way_back(net, way.to))
        netif_rx(context, net, *back, build_icmp(way, message, payload), false);
}

}  // namespace rxpath
