// Packets as a well-behaved peer sends them: IPv4 (RFC 791) with TCP (RFC 9293) or UDP (RFC 768), checksums right.
// A payload is all zeros, and only its length is kept.
#pragma once

#include "models/base/address.h"
#include "models/base/sk_buff.h"
#include "models/base/tcp_sequence.h"

namespace rxpath {

struct tcp_segment {
    endpoint from, to;
    tcp_sequence seq, ack_seq;
    std::uint8_t flags = tcphdr_ack;
    std::uint16_t window = 64000;
    std::uint16_t mss = 0;  // bytes; an MSS option when not 0
    byte_count payload;
};

// Both write over `out`, keeping its allocation. `id` is the IP header's identification.
void build_tcp(packet& out, const tcp_segment& segment, std::uint16_t id);
void build_udp(packet& out, const endpoint& from, const endpoint& to, byte_count payload, std::uint16_t id);

}  // namespace rxpath
