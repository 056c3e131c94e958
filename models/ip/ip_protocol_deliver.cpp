#include "models/ip/ip_protocol_deliver.h"

#include "models/base/icmp.h"
#include "models/base/kernel_functions/ip.h"
#include "models/ip/icmp_rcv.h"
#include "models/ip/icmp_send.h"
#include "models/ip/igmp_rcv.h"
#include "models/ip/simple_checksum.h"
#include "models/socket/skb_free.h"

namespace rxpath {

namespace {

using namespace path::ip_protocol_deliver_rcu;

constexpr std::uint8_t ipproto_igmp = 2, ipproto_pim = 103;

// No multicast router runs here.
void pim_rcv(receive_context& context, sk_buff& skb) {
    kernel_call here{context.trace, fn::pim_rcv};
    sk_skb_reason_drop(context, skb, drop_reason::NOT_SPECIFIED, fn::pim_rcv);
}

void no_protocol(receive_context& context, network_namespace& net, sk_buff& skb) {
    context.trace.took(context.trace.open_call(), no_handler);
    unspecific_policy_check(context);
    icmp_send(context, net, skb, {icmp_dest_unreach, icmp_prot_unreach, 0});
    sk_skb_reason_drop(context, skb, drop_reason::IP_NOPROTO, fn::ip_protocol_deliver_rcu);
}

void check_policy(receive_context& context) {
    context.trace.took(context.trace.open_call(), policy_checked);
    unspecific_policy_check(context);
}

}  // namespace

void deliver_other_protocol(receive_context& context, network_namespace& net, sk_buff& skb) {
    switch (skb.ip_hdr().protocol()) {
        case ipproto_icmp:
            return icmp_rcv(context, net, skb);
        case ipproto_igmp:
            check_policy(context);
            return igmp_rcv(context, skb);
        case ipproto_pim:
            check_policy(context);
            return pim_rcv(context, skb);
        default:
            return no_protocol(context, net, skb);
    }
}

}  // namespace rxpath
