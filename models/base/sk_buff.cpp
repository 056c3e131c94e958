#include "models/base/sk_buff.h"

#include <algorithm>

#include "models/base/memory_objects.h"

namespace rxpath {

void sk_buff::fill(const packet& from, byte_count linear) {
    auto bytes = std::move(head);  // keeps the allocations
    auto pages = std::move(frags), list = std::move(frag_list);
    const auto same_place = place;
    bytes.assign(from.bytes.begin(), from.bytes.end());
    pages.clear();
    list.clear();
    *this = sk_buff{};
    head = std::move(bytes);
    frags = std::move(pages);
    frag_list = std::move(list);
    place = same_place;
    len = static_cast<std::uint32_t>(from.length.value);
    data_len =
        len - static_cast<std::uint32_t>(std::min<std::uint64_t>({linear.value, from.length.value, head.size()}));
    pkt_type = from.type;
    ip_summed = from.csum_verified_by_nic ? ip_summed_state::unnecessary : ip_summed_state::none;
}

namespace {

// The first `bytes` of the pieces are linear now.
void consume(std::vector<std::uint32_t>& pieces, std::uint32_t& bytes) {
    while (bytes > 0 && !pieces.empty()) {
        const auto taken = std::min(bytes, pieces.front());
        pieces.front() -= taken;
        bytes -= taken;
        if (pieces.front() == 0) pieces.erase(pieces.begin());
    }
}

}  // namespace

bool sk_buff::pskb_may_pull(std::uint32_t n) {
    if (n <= headlen()) return true;
    if (n > len) return false;
    auto pulled = n - headlen();
    consume(frags, pulled);
    consume(frag_list, pulled);
    data_len = len - n;
    if (head.size() < data + n) head.resize(data + n);  // bytes a capture did not keep read as zero
    return true;
}

bool sk_buff::pull(std::uint32_t n) {
    if (!pskb_may_pull(n)) return false;
    data += n;
    len -= n;
    return true;
}

void sk_buff::trim(std::uint32_t n) {
    if (n >= len) return;
    const auto linear = std::min(headlen(), n);
    len = n;
    data_len = n - linear;
}

// The driver leaves NET_SKB_PAD (64 bytes) free, then comes the Ethernet header.
heap_address network_header_in(std::uint32_t buffer) {
    constexpr std::uint64_t headroom = 64 + 14;
    return address_of(memory_object::network_header, buffer) + headroom;
}

}  // namespace rxpath
