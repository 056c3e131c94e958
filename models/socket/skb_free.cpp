#include "models/socket/skb_free.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"
#include "models/socket/sock.h"

namespace rxpath {

namespace {

void free_by(receive_context& context, function_number how, sk_buff& skb) {
    kernel_call here{context.trace, how};
    skb_release_head_state(context, skb);
}

}  // namespace

void sk_skb_reason_drop(receive_context& context, sk_buff& skb, drop_reason reason, function_number at) {
    context.drop(skb.number, reason, at);
    free_by(context, fn::sk_skb_reason_drop, skb);
}

void consume_skb(receive_context& context, sk_buff& skb) { free_by(context, fn::consume_skb, skb); }
void __kfree_skb(receive_context& context, sk_buff& skb) { free_by(context, fn::__kfree_skb, skb); }

}  // namespace rxpath
