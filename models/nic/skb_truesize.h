// What an sk_buff is charged for: struct sk_buff, the data area and struct skb_shared_info (SKB_TRUESIZE(),
// include/linux/skbuff.h), each a multiple of a cache line. The driver builds the packet in a page fragment
// (build_skb()), as the TAP driver of the recorded cases does, so that no allocator's size class adds to it.
#pragma once

#include <cstdint>

namespace rxpath {

// `packet_size`: bytes from the IP header on, all linear. In front are NET_SKB_PAD and the Ethernet header.
constexpr std::uint32_t skb_truesize(std::uint32_t packet_size) {
    constexpr std::uint32_t net_skb_pad = 64, ethernet_header = 14, cache_line = 64;
    constexpr std::uint32_t sk_buff_size = 256, shared_info_size = 320;
    const std::uint32_t data = net_skb_pad + ethernet_header + packet_size;
    return sk_buff_size + shared_info_size + (data + cache_line - 1) / cache_line * cache_line;
}

}  // namespace rxpath
