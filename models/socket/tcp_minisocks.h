// The small sockets at both ends of a connection (net/ipv4/tcp_minisocks.c): the request socket that the third packet
// of the handshake turns into a full one, and the TIME_WAIT socket that a closed connection leaves behind.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

class inet_sockets;

// A packet for a request socket. Answers the new connection's socket, the listener when the packet is not for the
// request, null when it is dealt with (to be dropped).
tcp_sock* tcp_check_req(receive_context& context, inet_sockets& sockets, tcp_sock& listener, sk_buff& skb,
                        request_sock& req);
// tcp_v4_syn_recv_sock(), net/ipv4/tcp_ipv4.c: the full socket of the connection that the request describes takes the
// request's place in the established table. Null when no more connections may wait for accept().
tcp_sock* tcp_v4_syn_recv_sock(receive_context& context, inet_sockets& sockets, tcp_sock& listener, const sk_buff& skb,
                               request_sock& req);
// The new socket's first packet. Answers a reason when the peer must be reset.
drop_reason tcp_child_process(receive_context& context, tcp_sock& parent, tcp_sock& child, sk_buff& skb);

enum class tcp_tw_status : std::uint8_t { success, rst, ack, syn };

struct tcp_tw_result {
    tcp_tw_status status;
    tcp_sequence isn{};  // syn: where the new connection's sequence numbers must begin
};

// A packet for a TIME_WAIT socket.
tcp_tw_result tcp_timewait_state_process(receive_context& context, inet_sockets& sockets, inet_timewait_sock& tw,
                                         const sk_buff& skb);
// The connection becomes a TIME_WAIT socket in the substate TCP_TIME_WAIT or TCP_FIN_WAIT2.
void tcp_time_wait(receive_context& context, tcp_sock& sk, tcp_state substate);

}  // namespace rxpath
