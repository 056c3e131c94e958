#include "models/base/checksum.h"

#include <algorithm>

#include "models/base/kernel_functions/napi.h"

namespace rxpath {

std::uint64_t internet_sum(const std::uint8_t* bytes, std::size_t size) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i + 1 < size; i += 2) sum += load_be16(bytes + i);
    if (size % 2 != 0) sum += std::uint64_t{bytes[size - 1]} << 8;
    return sum;
}

std::uint16_t csum_fold(std::uint64_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

void record_csum_partial(receive_context& context, heap_address from, std::uint32_t size) {
    using namespace path::csum_partial;
    kernel_call here{context.trace, fn::csum_partial};
    context.trace.streams(from, size);
    if (size >= 80) {
        here.took(any_80_bytes);
        here.took(each_80_bytes, size / 80);
        size %= 80;
    }
    if (size >= 40) {
        here.took(block_of_40_bytes);
        size -= 40;
        if (size == 0) return;
    }
    here.took(tail);
    if ((size & 32) != 0) here.took(tail_32_bytes);
    if ((size & 16) != 0) here.took(tail_16_bytes);
    if ((size & 8) != 0) here.took(tail_8_bytes);
    if ((size & 7) != 0) here.took(odd_bytes);
}

namespace {

// A packet in pieces is summed piece by piece.
void record_pieces(receive_context& context, kernel_call& here, const sk_buff& skb, std::uint32_t offset,
                   std::uint32_t size) {
    auto left = size;
    auto from = network_header_address(skb) + offset;
    const auto sum = [&](std::uint32_t piece) {
        const auto bytes = std::min(piece, left);
        record_csum_partial(context, from, bytes);
        from += bytes;
        left -= bytes;
    };
    sum(skb.data + skb.headlen() - offset);
    for (const auto fragment : skb.frags) {
        if (left == 0) return;
        here.took(path::__skb_checksum::page_fragment);
        sum(fragment);
    }
    for (const auto listed : skb.frag_list) {
        if (left == 0) return;
        here.took(path::__skb_checksum::listed);
        kernel_call below{context.trace, fn::__skb_checksum};
        sum(listed);
    }
}

}  // namespace

std::uint16_t __skb_checksum(receive_context& context, const sk_buff& skb, std::uint32_t offset, std::uint32_t size) {
    kernel_call here{context.trace, fn::__skb_checksum};
    if (size == 0)
        here.took(path::__skb_checksum::empty);
    else if (skb.frags.empty() && skb.frag_list.empty())
        record_csum_partial(context, network_header_address(skb) + offset, size);
    else
        record_pieces(context, here, skb, offset, size);
    const auto known = skb.head.size() > offset ? skb.head.size() - offset : 0;
    return csum_fold(internet_sum(skb.head.data() + offset, std::min<std::size_t>(size, known)));
}

std::uint64_t csum_tcpudp_nofold(ipv4_address saddr, ipv4_address daddr, std::uint32_t size, std::uint8_t protocol) {
    const auto halves = [](ipv4_address a) { return std::uint64_t{a.value >> 16} + (a.value & 0xffff); };
    return halves(saddr) + halves(daddr) + size + protocol;
}

}  // namespace rxpath
