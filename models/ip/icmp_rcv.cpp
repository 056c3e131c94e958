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

}  // namespace

void icmp_rcv(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::icmp_rcv};
    if (!skb.pskb_may_pull(icmp_header_size)) return drop(context, skb, drop_reason::NOT_SPECIFIED, fn::icmp_rcv);
    if (skb.ip_summed != ip_summed_state::unnecessary &&
        __skb_checksum(context, skb, skb.transport_header, skb.len) != 0xffff)
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
