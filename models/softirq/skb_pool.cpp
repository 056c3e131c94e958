#include "models/softirq/skb_pool.h"

#include <algorithm>

#include "models/base/skb_truesize.h"

namespace rxpath {

sk_buff& skb_pool::unused() {
    if (m_free.empty()) {
        m_all.push_back(std::make_unique<sk_buff>());
        m_all.back()->place = static_cast<std::uint32_t>(m_all.size() - 1);
        return *m_all.back();
    }
    auto& skb = *m_free.back();
    m_free.pop_back();
    return skb;
}

sk_buff& skb_pool::take(const packet& from, net_device& dev, picoseconds arrival, std::uint32_t buffer) {
    auto& skb = unused();
    skb.fill(from, {std::min<std::uint64_t>(from.length.value, most_linear)});
    for (auto left = skb.len - std::min(skb.len, most_linear); left > 0; left -= skb.frags.back())
        skb.frags.push_back(next_page_fragment(left));
    skb.dev = &dev;
    skb.skb_iif = dev.ifindex;
    skb.truesize = skb_truesize(skb.len);
    skb.number = ++m_taken;
    skb.arrival = arrival;
    skb.buffer = buffer;
    return skb;
}

std::vector<const sk_buff*> skb_pool::in_use() const {
    std::vector<const sk_buff*> in_use;
    for (const auto& skb : m_all)
        if (std::find(m_free.begin(), m_free.end(), skb.get()) == m_free.end()) in_use.push_back(skb.get());
    return in_use;
}

}  // namespace rxpath
