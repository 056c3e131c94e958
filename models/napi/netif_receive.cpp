#include "models/napi/netif_receive.h"

namespace rxpath {

void begin_netif_receive_list(receive_context& context, const std::vector<sk_buff*>& list) {
    auto& trace = context.trace;
    const auto packets = static_cast<std::uint32_t>(list.size());
    trace.took(trace.enter(fn::netif_receive_skb_list_internal), path::netif_receive_skb_list_internal::packet, packets);
    for (std::uint32_t i = 0; i < packets; ++i) {
        trace.leaf(fn::__list_del_entry_valid_or_report);
        trace.leaf(fn::skb_defer_rx_timestamp);
        trace.leaf(fn::__list_add_valid_or_report);
    }
    trace.leaf(fn::__rcu_read_lock);
    trace.took(trace.enter(fn::__netif_receive_skb_list_core), path::__netif_receive_skb_list_core::packet, packets);
    for (std::uint32_t i = 0; i < packets; ++i) {
        trace.leaf(fn::__list_del_entry_valid_or_report);
        trace.leaf(fn::__netif_receive_skb_core);
        trace.leaf(fn::__list_add_valid_or_report);
    }
}

void end_netif_receive_list(receive_context& context) {
    context.trace.leave();
    context.trace.leaf(fn::__rcu_read_unlock);
    context.trace.leave();
}

void begin_netif_receive(receive_context& context) {
    auto& trace = context.trace;
    trace.enter(fn::netif_receive_skb);
    trace.leaf(fn::skb_defer_rx_timestamp);
    trace.leaf(fn::__rcu_read_lock);
    trace.enter(fn::__netif_receive_skb);
    trace.enter(fn::__netif_receive_skb_one_core);
    trace.leaf(fn::__netif_receive_skb_core);
}

void end_netif_receive(receive_context& context) {
    context.trace.leave();
    context.trace.leave();
    context.trace.leaf(fn::__rcu_read_unlock);
    context.trace.leave();
}

}  // namespace rxpath
