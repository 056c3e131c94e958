#include "models/napi/netif_receive.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/napi.h"
#include "models/routing/works_on.h"

namespace rxpath {

namespace {

// The driver's flow dissector finds the transport header, unless the IP header is broken
// (skb_probe_transport_header()).
bool transport_header_found(const sk_buff& skb) {
    const auto bytes = skb.linear_bytes();
    if (bytes.size < skb.network_header + ipv4_header_view::size) return false;
    return (bytes.data[skb.network_header] & 0xf) * 4u >= ipv4_header_view::size;
}

void __netif_receive_skb_core(receive_context& context, const sk_buff& skb) {
    kernel_call here{context.trace, fn::__netif_receive_skb_core};
    if (!transport_header_found(skb)) here.took(path::__netif_receive_skb_core::transport_header_unset);
}

}  // namespace

void begin_netif_receive_list(receive_context& context, const std::vector<sk_buff*>& list) {
    auto& trace = context.trace;
    trace.works_for_all();
    const auto packets = static_cast<std::uint32_t>(list.size());
    trace.took(trace.enter(fn::netif_receive_skb_list_internal), path::netif_receive_skb_list_internal::packet,
               packets);
    for (const auto* skb : list) {
        works_on_packet(trace, *skb);
        trace.leaf(fn::__list_del_entry_valid_or_report);
        trace.leaf(fn::skb_defer_rx_timestamp);
        trace.leaf(fn::__list_add_valid_or_report);
    }
    trace.works_for_all();
    trace.leaf(fn::__rcu_read_lock);
    trace.took(trace.enter(fn::__netif_receive_skb_list_core), path::__netif_receive_skb_list_core::packet, packets);
    for (const auto* skb : list) {
        works_on_packet(trace, *skb);
        trace.leaf(fn::__list_del_entry_valid_or_report);
        __netif_receive_skb_core(context, *skb);
        trace.leaf(fn::__list_add_valid_or_report);
    }
    trace.works_for_all();
}

void end_netif_receive_list(receive_context& context) {
    context.trace.leave();
    context.trace.leaf(fn::__rcu_read_unlock);
    context.trace.leave();
}

void begin___netif_receive_skb(receive_context& context, const sk_buff& skb) {
    context.trace.enter(fn::__netif_receive_skb);
    context.trace.enter(fn::__netif_receive_skb_one_core);
    __netif_receive_skb_core(context, skb);
}

void end___netif_receive_skb(receive_context& context) {
    context.trace.leave();
    context.trace.leave();
}

void begin_netif_receive(receive_context& context, const sk_buff& skb) {
    auto& trace = context.trace;
    works_on_packet(trace, skb);
    trace.enter(fn::netif_receive_skb);
    trace.leaf(fn::skb_defer_rx_timestamp);
    trace.leaf(fn::__rcu_read_lock);
    begin___netif_receive_skb(context, skb);
}

void end_netif_receive(receive_context& context) {
    end___netif_receive_skb(context);
    context.trace.leaf(fn::__rcu_read_unlock);
    context.trace.leave();
}

}  // namespace rxpath
