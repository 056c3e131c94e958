#include "models/ip/ip_local_deliver.h"

namespace rxpath {

bool begin_ip_local_deliver(receive_context& context, sk_buff& skb) {
    auto& trace = context.trace;
    const auto header = skb.ip_hdr();
    const auto deliver = trace.enter(fn::ip_local_deliver);
    if (header.is_fragment()) {
        trace.took(deliver, path::ip_local_deliver::fragment_queued);
        trace.leaf(fn::ip_defrag);
        trace.leave();
        return false;
    }
    trace.enter(fn::ip_local_deliver_finish);
    skb.pull(skb.transport_header - skb.data);
    trace.leaf(fn::__rcu_read_lock);
    const auto protocol = trace.enter(fn::ip_protocol_deliver_rcu);
    if (header.protocol() == ipproto_udp)
        trace.took(protocol, path::ip_protocol_deliver_rcu::udp);
    else if (header.protocol() != ipproto_tcp)
        trace.took(protocol, path::ip_protocol_deliver_rcu::other_protocol);
    kernel_call raw{trace, fn::raw_local_deliver};
    trace.leaf(fn::__rcu_read_lock);
    trace.leaf(fn::__rcu_read_unlock);
    return true;
}

void end_ip_local_deliver(receive_context& context) {
    context.trace.leave();  // ip_protocol_deliver_rcu()
    context.trace.leaf(fn::__rcu_read_unlock);
    context.trace.leave();  // ip_local_deliver_finish()
    context.trace.leave();  // ip_local_deliver()
}

}  // namespace rxpath
