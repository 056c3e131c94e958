// What the receive path decided for a packet, in the words of statistics and tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rxpath {

// How early demux ended: the branches of ip_rcv_finish_core() and tcp_v4_early_demux() in the order they are taken.
enum class early_demux_outcome : std::uint8_t {
    not_reached,         // dropped before, or never an IPv4 packet of this host
    has_dst,             // a dst is attached already: the route hint
    has_socket,          // a socket is attached already
    ip_early_demux_off,  // net.ipv4.ip_early_demux=0
    fragment,            // ip_is_fragment()
    protocol_off,        // net.ipv4.tcp_early_demux=0 or net.ipv4.udp_early_demux=0
    other_protocol,      // neither TCP nor UDP
    not_packet_host,     // skb->pkt_type != PACKET_HOST
    header_too_short,    // pskb_may_pull() failed
    bad_doff,            // th->doff < 5
    no_socket,           // __inet_lookup_established() found none
    no_full_socket,      // TIME_WAIT or NEW_SYN_RECV: no dst is looked at
    no_rx_dst,           // sk->sk_rx_dst is not set
    rx_dst_obsolete,     // dst_check() refused it
    other_interface,     // sk->sk_rx_dst_ifindex != skb->skb_iif
    dst_reused,          // the hit: skb_dst_set_noref()
    count
};

// Where a packet's dst came from.
enum class route_source : std::uint8_t {
    none,           // it got none
    early_demux,    // sk->sk_rx_dst
    hint,           // the previous packet's, ip_route_use_hint()
    nexthop_cache,  // full lookup, the nexthop's nhc_rth_input still valid
    allocated,      // full lookup, a new dst
    count
};

constexpr std::string_view to_string(early_demux_outcome outcome) {
    constexpr std::string_view names[] = {
        "not_reached",    "has_dst",         "has_socket",       "ip_early_demux_off", "fragment",  "protocol_off",
        "other_protocol", "not_packet_host", "header_too_short", "bad_doff",           "no_socket", "no_full_socket",
        "no_rx_dst",      "rx_dst_obsolete", "other_interface",  "dst_reused"};
    return names[static_cast<std::size_t>(outcome)];
}

constexpr std::string_view to_string(route_source source) {
    constexpr std::string_view names[] = {"none", "early_demux", "hint", "nexthop_cache", "allocated"};
    return names[static_cast<std::size_t>(source)];
}

}  // namespace rxpath
