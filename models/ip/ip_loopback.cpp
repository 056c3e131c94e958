#include "models/ip/ip_loopback.h"

#include <algorithm>
#include <optional>

#include "models/base/checksum.h"
#include "models/base/store_bytes.h"
#include "models/routing/rt_cache.h"

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
// Copies that leave the host too count as verified (dev_loopback_xmit()), and so does what a socket sent; what the
// stack answers by itself has a checksum that nobody has looked at.
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

std::uint16_t checksum(const std::uint8_t* bytes, std::size_t size, std::uint64_t pseudo_header = 0) {
    return static_cast<std::uint16_t>(~csum_fold(pseudo_header + internet_sum(bytes, size)));
}

// An IPv4 header, with `size` bytes of zeros behind it.
packet build_ip(const icmp_route& way, std::uint8_t protocol, std::size_t size) {
    packet out;
    out.bytes.assign(ipv4_header_view::size + size, 0);
    out.length = {out.bytes.size()};
    auto* ip = out.bytes.data();
    ip[0] = 0x45;
    ip[1] = way.tos;
    store_be16(ip + 2, static_cast<std::uint32_t>(out.bytes.size()));
    ip[8] = 64;  // time to live
    ip[9] = protocol;
    store_be32(ip + 12, way.from.value);
    store_be32(ip + 16, way.to.value);
    store_be16(ip + 10, checksum(ip, ipv4_header_view::size));
    return out;
}

packet build_icmp(const icmp_route& way, const icmp_error& message, byte_view payload) {
    auto out = build_ip(way, ipproto_icmp, icmp_header_size + payload.size);
    auto* icmp = out.bytes.data() + ipv4_header_view::size;
    icmp[0] = message.type;
    icmp[1] = message.code;
    store_be32(icmp + 4, message.info);
    std::copy_n(payload.data, payload.size, icmp + icmp_header_size);
    store_be16(icmp + 2, checksum(icmp, icmp_header_size + payload.size));
    return out;
}

// Without options and data.
packet build_tcp(const sent_packet& sent) {
    constexpr auto size = static_cast<std::uint32_t>(tcp_header_view::size);
    auto out = build_ip({sent.from.address, sent.to.address}, ipproto_tcp, size);
    auto* tcp = out.bytes.data() + ipv4_header_view::size;
    store_be16(tcp, sent.from.port.value);
    store_be16(tcp + 2, sent.to.port.value);
    store_be32(tcp + 4, sent.seq.value);
    store_be32(tcp + 8, sent.ack_seq.value);
    tcp[12] = (size / 4) << 4;
    tcp[13] = flags_of(sent);
    store_be16(tcp + 14, sent.window);
    const auto pseudo_header = csum_tcpudp_nofold(sent.from.address, sent.to.address, size, ipproto_tcp);
    store_be16(tcp + 16, checksum(tcp, size, pseudo_header));
    return out;
}

}  // namespace

void loop_back_tcp(receive_context& context, network_namespace& net, const sent_packet& sent) {
    const auto way = way_back(net, sent.to.address);
    if (!way) return;
    netif_rx(context, net, *way, build_tcp(sent), sent.kind != sent_kind::reset);
}

void loop_back_icmp(receive_context& context, network_namespace& net, const icmp_route& way, const icmp_error& message,
                    byte_view payload) {
    if (const auto back = way_back(net, way.to))
        netif_rx(context, net, *back, build_icmp(way, message, payload), false);
}

}  // namespace rxpath
