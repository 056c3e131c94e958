#include "models/ip/icmp_rcv.h"

#include "models/base/checksum.h"
#include "models/ip/icmp_send.h"

namespace rxpath {

namespace {

constexpr std::uint8_t icmp_echo = 8;
constexpr std::uint32_t icmp_header_size = 8;

void drop(receive_context& context, const sk_buff& skb, drop_reason reason, fn at) {
    context.trace.leaf(fn::sk_skb_reason_drop);
    context.drop(skb.number, reason, at);
}

bool answers_echo(const network_namespace& net, const sk_buff& skb) {
    return net.sysctls.icmp_echo_ignore_all == 0 && skb.head[skb.transport_header] == icmp_echo;
}

// icmp_rcv() has its own copy of xfrm4_policy_check(), which the compiler shortened.
void icmp_policy_check(receive_context& context) {
    kernel_call here{context.trace, fn::__xfrm_policy_check2};
    here.took(path::__xfrm_policy_check2::of_icmp);
}

// __skb_checksum_complete() without a pseudo header.
bool icmp_checksum_holds(receive_context& context, const sk_buff& skb) {
    kernel_call here{context.trace, fn::__skb_checksum_complete};
    const bool holds = __skb_checksum(context, skb, skb.transport_header, skb.len) == 0xffff;
    if (!holds) here.took(path::__skb_checksum_complete::wrong);
    return holds;
}

}  // namespace

void icmp_rcv(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::icmp_rcv};
    icmp_policy_check(context);
    if (!skb.pskb_may_pull(icmp_header_size)) return drop(context, skb, drop_reason::NOT_SPECIFIED, fn::icmp_rcv);
    if (skb.ip_summed != ip_summed_state::unnecessary && !icmp_checksum_holds(context, skb))
        return drop(context, skb, drop_reason::ICMP_CSUM, fn::icmp_rcv);
    if (answers_echo(net, skb)) {
        context.trace.leaf(fn::icmp_reply);
        sent_packet reply{};
        reply.kind = sent_kind::icmp_echo_reply;
        reply.from.address = skb.ip_hdr().daddr();
        reply.to.address = skb.ip_hdr().saddr();
        context.sent.push_back(reply);
    }
    context.trace.leaf(fn::consume_skb);
}

void no_protocol(receive_context& context, network_namespace& net, sk_buff& skb) {
    icmp_send(context, net, skb, true);
    drop(context, skb, drop_reason::IP_NOPROTO, fn::ip_protocol_deliver_rcu);
}

}  // namespace rxpath
