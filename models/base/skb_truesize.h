// The memory of an sk_buff: struct sk_buff, the data area and struct skb_shared_info (SKB_TRUESIZE(),
// include/linux/skbuff.h), each a multiple of a cache line.
//
// The driver allocates as the TAP driver of the recorded cases does (tun_build_skb(), tun_alloc_skb(),
// drivers/net/tun.c): a packet that fits into a page with all of these is built in a page fragment, so that no
// allocator's size class adds to it. Of a longer one a page's worth is linear, in a page of its own, and the rest is in
// page fragments, each of as many pages as its allocation's order says (alloc_skb_with_frags(), net/core/skbuff.c).
#pragma once

#include <algorithm>
#include <cstdint>

namespace rxpath {

constexpr std::uint32_t sk_buff_size = 256, shared_info_size = 320;  // bytes
constexpr std::uint32_t skb_pad = 64, ethernet_header_size = 14;     // NET_SKB_PAD; bytes
constexpr std::uint32_t skb_headroom = skb_pad + ethernet_header_size;
constexpr std::uint32_t skb_page = 4096;
constexpr unsigned page_alloc_costly_order = 3;

// Bytes from the IP header on that are linear at most (SKB_MAX_HEAD()).
constexpr std::uint32_t most_linear = skb_page - skb_headroom - shared_info_size;

// The bytes of the next page fragment when `left` are to be put into some: 2^order pages at most, full ones.
constexpr std::uint32_t next_page_fragment(std::uint32_t left) {
    const auto pages = (left + skb_page - 1) / skb_page;
    auto order = page_alloc_costly_order;
    while (order > 0 && pages < 1u << order) --order;
    return std::min(left, skb_page << order);
}

// What a packet of `packet_size` bytes from the IP header on is charged for.
constexpr std::uint32_t skb_truesize(std::uint32_t packet_size) {
    constexpr std::uint32_t cache_line = 64;
    if (packet_size > most_linear) {
        const auto pages = (packet_size - most_linear + skb_page - 1) / skb_page;
        return sk_buff_size + skb_page + pages * skb_page;
    }
    const std::uint32_t data = skb_headroom + packet_size;
    return sk_buff_size + shared_info_size + (data + cache_line - 1) / cache_line * cache_line;
}

// Bytes that still fit behind the `used` bytes from the IP header on (skb_tailroom()).
constexpr std::uint32_t skb_tailroom(std::uint32_t truesize, std::uint32_t used) {
    return truesize - sk_buff_size - shared_info_size - skb_headroom - used;
}

}  // namespace rxpath
