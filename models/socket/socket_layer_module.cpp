#include "models/socket/socket_layer_module.h"

#include "models/ip/icmp_rcv.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/udp.h"

namespace rxpath {

void socket_layer_module::process(receive_token& token) {
    m_run.count_packets(m_stage, 1);
    receive(*token.packet);
    note_replies();
    const auto worked = m_run.charge(m_stage, token.packet);
    m_run.received(*token.packet, worked);
    to_ip_deliver->hand_over(token, worked);
}

// An answer that no connection carries is routed by itself, which leaves its mark in the routing table.
void socket_layer_module::note_replies() {
    for (const auto& sent : context().sent)
        if (sent.kind == sent_kind::reset || sent.kind == sent_kind::syn_ack || sent.kind == sent_kind::icmp_echo_reply)
            m_net.routing.note_output_lookup(sent.to.address);
}

// The handler of the packet's protocol, as ip_protocol_deliver_rcu() finds it in inet_protos[].
void socket_layer_module::receive(sk_buff& skb) {
    switch (skb.ip_hdr().protocol()) {
        case ipproto_tcp:
            return tcp_v4_rcv(context(), m_net.sockets, skb);
        case ipproto_udp:
            return udp_rcv(context(), m_net.sockets, skb);
        case ipproto_icmp:
            return icmp_rcv(context(), m_net, skb);
        default:
            return no_protocol(context(), m_net, skb);
    }
}

}  // namespace rxpath
