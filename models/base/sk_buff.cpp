#include "models/base/sk_buff.h"

#include <algorithm>

namespace rxpath {

void sk_buff::fill(const packet& from, byte_count linear) {
    auto bytes = std::move(head);  // keeps the allocation
    bytes.assign(from.bytes.begin(), from.bytes.end());
    *this = sk_buff{};
    head = std::move(bytes);
    len = static_cast<std::uint32_t>(from.length.value);
    data_len =
        len - static_cast<std::uint32_t>(std::min<std::uint64_t>({linear.value, from.length.value, head.size()}));
    pkt_type = from.type;
    ip_summed = from.csum_verified_by_nic ? ip_summed_state::unnecessary : ip_summed_state::none;
}

bool sk_buff::pskb_may_pull(std::uint32_t n) {
    if (n <= headlen()) return true;
    if (n > len) return false;
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

}  // namespace rxpath
