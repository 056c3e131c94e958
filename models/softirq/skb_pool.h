// The sk_buffs of a host (skbuff_cache, net/core/skbuff.c). The one that was freed last is taken first, so that the
// steady state allocates none.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/base/sk_buff.h"

namespace rxpath {

class skb_pool {
public:
    // An sk_buff with the next packet of the run, which `dev` received into a buffer (receive_buffers).
    sk_buff& take(const packet& from, net_device& dev, picoseconds arrival, std::uint32_t buffer);
    void free(sk_buff& skb) { m_free.push_back(&skb); }

    // Packets so far; the last one has this number.
    std::uint64_t taken() const { return m_taken; }
    std::vector<const sk_buff*> in_use() const;

private:
    sk_buff& unused();

    std::vector<std::unique_ptr<sk_buff>> m_all;
    std::vector<sk_buff*> m_free;
    std::uint64_t m_taken = 0;
};

}  // namespace rxpath
