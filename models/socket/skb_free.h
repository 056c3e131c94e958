// How an sk_buff ends (net/core/skbuff.c): given up for a reason, or used up. Either way it gives back what it holds:
// its dst, and the socket that early demux found for it. The sk_buff itself goes back when its softirq run ends.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// The packet is dropped at the function `at`.
void sk_skb_reason_drop(receive_context& context, sk_buff& skb, drop_reason reason, function_number at);
// Nothing is wrong with it, and nobody needs it any more.
void consume_skb(receive_context& context, sk_buff& skb);
void __kfree_skb(receive_context& context, sk_buff& skb);

}  // namespace rxpath
