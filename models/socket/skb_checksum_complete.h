// The checksum of a TCP or UDP packet on its way to the socket (skb_checksum_init() and skb_checksum_complete(),
// include/linux/skbuff.h, net/core/skbuff.c): verified by the NIC or GRO, at once when short, else when it is read.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// Packets up to so many bytes are summed at once (CHECKSUM_BREAK).
constexpr std::uint32_t checksum_break = 76;

constexpr bool skb_csum_unnecessary(const sk_buff& skb) {
    return skb.ip_summed == ip_summed_state::unnecessary || skb.csum_valid;
}
// Sums the packet from the transport header on, with the pseudo header; skb.csum_valid says how it ended.
bool __skb_checksum_complete(receive_context& context, sk_buff& skb);
// tcp_checksum_complete(), udp_lib_checksum_complete(): true when the checksum is wrong.
bool transport_checksum_wrong(receive_context& context, sk_buff& skb);

}  // namespace rxpath
