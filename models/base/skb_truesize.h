// The memory of an sk_buff: struct sk_buff, the data area and struct skb_shared_info (SKB_TRUESIZE(),
// include/linux/skbuff.h), each a multiple of a cache line. The driver builds the packet in a page fragment
// (build_skb()), as the TAP driver of the recorded cases does, so that no allocator's size class adds to it.
#pragma once

#include <cstdint>

namespace rxpath {

constexpr std::uint32_t sk_buff_size = 256, shared_info_size = 320;  // bytes
constexpr std::uint32_t skb_headroom = 64 + 14;                      // NET_SKB_PAD and the Ethernet header

// What a packet of `packet_size` bytes from the IP header on, all linear, is charged for.
constexpr std::uint32_t skb_truesize(std::uint32_t packet_size) {
    constexpr std::uint32_t cache_line = 64;
    const std::uint32_t data = skb_headroom + packet_size;
    return sk_buff_size + shared_info_size + (data + cache_line - 1) / cache_line * cache_line;
}

// Bytes that still fit behind the `used` bytes from the IP header on (skb_tailroom()).
constexpr std::uint32_t skb_tailroom(std::uint32_t truesize, std::uint32_t used) {
    return truesize - sk_buff_size - shared_info_size - skb_headroom - used;
}

}  // namespace rxpath
