// What an sk_buff is charged for: struct sk_buff, the data area and struct skb_shared_info, each as allocated
// (SKB_TRUESIZE(), include/linux/skbuff.h; __alloc_skb(), net/core/skbuff.c).
#pragma once

#include <cstdint>

namespace rxpath {

// `packet_size`: bytes from the IP header on. The driver reserves NET_SKB_PAD and the Ethernet header in front, all linear.
constexpr std::uint32_t skb_truesize(std::uint32_t packet_size) {
    constexpr std::uint32_t net_skb_pad = 64, ethernet_header = 14, cache_line = 64;
    constexpr std::uint32_t sk_buff_size = 256, shared_info_size = 320;  // both aligned to cache lines
    constexpr std::uint32_t small_head = 704;                            // SKB_SMALL_HEAD_CACHE_SIZE
    const std::uint32_t data = net_skb_pad + ethernet_header + packet_size;
    const std::uint32_t wanted = (data + cache_line - 1) / cache_line * cache_line + shared_info_size;
    std::uint32_t allocated = small_head;
    if (wanted > small_head)
        for (allocated = 1024; allocated < wanted;) allocated *= 2;  // kmalloc's size classes
    return sk_buff_size + allocated;
}

}  // namespace rxpath
