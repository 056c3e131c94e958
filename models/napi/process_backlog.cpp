#include "models/napi/process_backlog.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/napi.h"
#include "models/napi/netif_receive.h"
#include "models/routing/works_on.h"

namespace rxpath {

void backlog_poll::begin(receive_context& context) {
    context.trace.works_for_all();
    context.trace.enter(fn::__napi_poll);
    m_poll_call = context.trace.enter(fn::process_backlog);
}

void backlog_poll::begin_packet(receive_context& context, const sk_buff& skb) {
    works_on_packet(context.trace, skb);
    context.trace.took(m_poll_call, path::process_backlog::packet);
    context.trace.leaf(fn::__rcu_read_lock);
    begin___netif_receive_skb(context, skb);
}

void backlog_poll::end_packet(receive_context& context) {
    end___netif_receive_skb(context);
    context.trace.leaf(fn::__rcu_read_unlock);
}

void backlog_poll::end(receive_context& context) {
    context.trace.leave();
    context.trace.leave();
}

}  // namespace rxpath
