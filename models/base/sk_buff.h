// struct sk_buff (include/linux/skbuff.h): a packet on its way up, from the IP header on.
//
// Modelled: packet type, device, linear and paged length, header offsets, socket and destructor, dst with its NOREF
// bit, checksum state, the control blocks of IP and TCP. Left out: cloning, the Ethernet header, metadata.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/base/decision.h"
#include "models/base/headers.h"
#include "models/base/memory_object.h"
#include "models/base/net_device.h"
#include "models/base/units.h"

namespace rxpath {

struct dst_entry;
struct receive_context;
struct sock_common;

// PACKET_*, include/uapi/linux/if_packet.h: what the frame's destination address says.
enum class packet_type : std::uint8_t { host, broadcast, multicast, otherhost, loopback };

// CHECKSUM_*: what is known about the transport checksum.
enum class ip_summed_state : std::uint8_t { none, unnecessary, complete };

// inet_skb_parm::flags (include/net/ip.h)
constexpr std::uint16_t ipskb_doredirect = 1 << 5;  // routing says: a redirect is due
constexpr std::uint16_t ipskb_multipath = 1 << 9;   // one of several next hops was chosen by hash

// struct inet_skb_parm: IP's part of skb->cb.
struct inet_skb_parm {
    int iif = 0;
    std::uint16_t flags = 0;  // ipskb_*
    // struct ip_options, as ip_options_compile() found them: bytes of options, and where some are in the header (0:
    // none).
    std::uint8_t optlen = 0;
    std::uint8_t srr = 0;           // source route
    std::uint8_t rr = 0;            // record route
    std::uint8_t ts = 0;            // timestamp
    std::uint8_t router_alert = 0;  // to be looked at by every router
    bool is_strictroute = false;    // the source route names every hop
    bool srr_is_hit = false;        // this host is one of its hops
    bool is_changed = false;        // the header's checksum is to be computed anew
    bool rr_needaddr = false;       // to be recorded in when forwarded: the address that the packet leaves by
    bool ts_needaddr = false;       // the same in the timestamp
    ipv4_address nexthop;           // of the source route, when it is hit
};

// struct tcp_skb_cb: TCP's part of skb->cb, filled by tcp_v4_fill_cb().
struct tcp_skb_cb {
    tcp_sequence seq, end_seq, ack_seq;
    std::uint8_t tcp_flags = 0;
    bool has_rxtstamp = false;
};

// A packet as somebody injects it.
struct packet {
    std::vector<std::uint8_t> bytes;  // from the IP header on; may be shorter than `length` (a snapped capture)
    byte_count length;                // on the wire, from the IP header on
    packet_type type = packet_type::host;
    bool csum_verified_by_nic = true;  // CHECKSUM_UNNECESSARY
};

struct sk_buff {
    using destructor_function = void (*)(receive_context&, sk_buff&);

    std::vector<std::uint8_t> head;    // the bytes that are known, IP header first
    std::uint32_t len = 0;             // bytes from `data` on, linear and paged
    std::uint32_t data_len = 0;        // of these, paged
    std::uint32_t data = 0;            // offset in head where the current protocol begins
    std::uint32_t network_header = 0;  // offsets in head
    std::uint32_t transport_header = 0;
    std::uint32_t truesize = 0;  // what the packet is charged for, in bytes
    // skb_shared_info: what the paged part is made of, as bytes of each piece; all empty: one piece.
    std::vector<std::uint32_t> frags;      // page fragments
    std::vector<std::uint32_t> frag_list;  // and behind them whole sk_buffs

    packet_type pkt_type = packet_type::host;
    ip_summed_state ip_summed = ip_summed_state::none;
    bool csum_valid = false;
    net_device* dev = nullptr;
    int skb_iif = 0;  // ifindex of the device it arrived on
    std::uint32_t mark = 0;

    sock_common* sk = nullptr;
    destructor_function destructor = nullptr;
    std::uintptr_t _skb_refdst = 0;  // a dst_entry*, bit 0 set when no reference is held

    inet_skb_parm ip_cb;
    tcp_skb_cb tcp_cb;

    // Not the kernel's: for the measurements.
    std::uint64_t number = 0;  // of the packet in this run, from 1
    picoseconds arrival;       // last bit on the wire
    std::uint32_t place = 0;   // which of the host's sk_buffs it is
    std::uint32_t buffer = 0;  // and which of its receive buffers has its bytes
    early_demux_outcome early_demux = early_demux_outcome::not_reached;
    route_source routed_by = route_source::none;
    bool queued = false;     // on a socket, for an application to read
    bool held = false;       // kept until others come: out of order, or a fragment
    bool forwarded = false;  // sent on to another host

    // Takes the packet over, all of it linear up to `linear` bytes, and forgets what was there.
    void fill(const packet& from, byte_count linear);

    std::uint32_t headlen() const { return len - data_len; }
    byte_view linear_bytes() const { return {head.data(), data + headlen()}; }
    // Makes the first `n` bytes from data on linear; false when the packet is shorter (pskb_may_pull()).
    bool pskb_may_pull(std::uint32_t n);
    // skb_pull(): data moves up by n. False, and nothing moves, when the packet is shorter.
    bool pull(std::uint32_t n);
    // pskb_trim_rcsum(): cuts the packet to n bytes from data on.
    void trim(std::uint32_t n);
    std::uint32_t transport_offset() const { return transport_header - data; }

    // The headers. The caller has pulled them.
    ipv4_header_view ip_hdr() const { return *ipv4_header_view::at(linear_bytes(), network_header); }
    tcp_header_view tcp_hdr() const { return *tcp_header_view::at(linear_bytes(), transport_header); }
    udp_header_view udp_hdr() const { return *udp_header_view::at(linear_bytes(), transport_header); }
};

// Where the IP header is in memory: in a receive buffer, and the packet's.
heap_address network_header_in(std::uint32_t buffer);
inline heap_address network_header_address(const sk_buff& skb) { return network_header_in(skb.buffer); }

constexpr std::uintptr_t skb_dst_noref = 1;  // SKB_DST_NOREF

inline dst_entry* skb_dst(const sk_buff& skb) { return reinterpret_cast<dst_entry*>(skb._skb_refdst & ~skb_dst_noref); }
inline bool skb_dst_is_noref(const sk_buff& skb) { return (skb._skb_refdst & skb_dst_noref) != 0 && skb_dst(skb); }
inline bool skb_valid_dst(const sk_buff& skb) { return skb_dst(skb) != nullptr; }
inline void skb_dst_set(sk_buff& skb, dst_entry* dst) { skb._skb_refdst = reinterpret_cast<std::uintptr_t>(dst); }
inline void skb_dst_set_noref(sk_buff& skb, dst_entry* dst) {
    skb._skb_refdst = reinterpret_cast<std::uintptr_t>(dst) | skb_dst_noref;
}

}  // namespace rxpath
