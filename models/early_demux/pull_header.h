// What TCP's and UDP's early demux begin with: pskb_may_pull() of the transport header.
#pragma once

#include <fmt/format.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// Makes the first `header_size` bytes of the transport header linear. Takes `too_short` and answers false when the
// packet has not that many; takes `pulled` when they had to be copied from the paged part.
template <class Step>
bool pull_header(receive_context& context, kernel_call& here, sk_buff& skb, std::size_t header_size, Step too_short,
                 Step pulled) {
    const auto size = skb.transport_offset() + static_cast<std::uint32_t>(header_size);
    const bool linear = size <= skb.headlen();
    if (!skb.pskb_may_pull(size)) {
        here.took(too_short);
        context.trace.reason([&] {
            return fmt::format("{} bytes of the packet are left, the headers up to here take {}", skb.len, size);
        });
        return false;
    }
    if (!linear) {
        here.took(pulled);
        context.trace.leaf(fn::__pskb_pull_tail);
    }
    return true;
}

}  // namespace rxpath
