#include "models/socket/socket_layer_module.h"

#include "models/ip/ip_loopback.h"
#include "models/ip/ip_protocol_deliver.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/udp.h"

namespace rxpath {

void socket_layer_module::process(receive_token& token) {
    m_run.count_packets(m_stage, 1);
    receive(*token.packet);
    take_back();
    const auto worked = m_run.charge(m_stage, token.packet);
    m_run.received(*token.packet, worked);
    to_ip_deliver->hand_over(token, worked);
}

// What goes to an address of this host comes back.
void socket_layer_module::take_back() {
    for (const auto& sent : context().sent)
        if (sent.comes_back) loop_back_tcp(context(), m_net, sent);
}

// The handler of the packet's protocol, as ip_protocol_deliver_rcu() finds it in inet_protos[].
void socket_layer_module::receive(sk_buff& skb) {
    switch (skb.ip_hdr().protocol()) {
        case ipproto_tcp:
            return tcp_v4_rcv(context(), m_net.sockets, skb);
        case ipproto_udp:
            return udp_rcv(context(), m_net.sockets, skb);
        default:
            return deliver_other_protocol(context(), m_net, skb);
    }
}

}  // namespace rxpath
