#include "models/ip/ip_local_deliver.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"

namespace rxpath {

namespace {

// True when the packet is whole, or is whole now.
bool defragment(receive_context& context, network_namespace& net, sk_buff& skb, std::uint32_t here) {
    using namespace path::ip_local_deliver;
    if (!skb.ip_hdr().is_fragment()) return true;
    const bool complete = net.fragments.ip_defrag(context, skb);
    context.trace.took(here, complete ? fragment_completed : fragment_queued);
    return complete;
}

}  // namespace

bool begin_ip_local_deliver(receive_context& context, network_namespace& net, sk_buff& skb) {
    auto& trace = context.trace;
    const auto deliver = trace.enter(fn::ip_local_deliver);
    if (!defragment(context, net, skb, deliver)) {
        trace.leave();
        return false;
    }
    const auto header = skb.ip_hdr();
    trace.enter(fn::ip_local_deliver_finish);
    skb.pull(skb.transport_header - skb.data);
    trace.leaf(fn::__rcu_read_lock);
    const auto protocol = trace.enter(fn::ip_protocol_deliver_rcu);
    if (header.protocol() == ipproto_udp)
        trace.took(protocol, path::ip_protocol_deliver_rcu::udp);
    else if (header.protocol() != ipproto_tcp)
        trace.took(protocol, path::ip_protocol_deliver_rcu::other_protocol);
    kernel_call raw{trace, fn::raw_local_deliver};
    if (skb.dev->loopback) raw.took(path::raw_local_deliver::from_loopback);
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
