// TCP's entry from IP (net/ipv4/tcp_ipv4.c): which socket a segment belongs to, and who of the socket's handlers gets
// it.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

class inet_sockets;

// Takes the packet over. skb.data is at the TCP header; the headers up to it are linear.
void tcp_v4_rcv(receive_context& context, inet_sockets& sockets, sk_buff& skb);

// A packet for a socket whose lock is held (or that nobody else can reach): from tcp_v4_rcv() or the backlog.
void tcp_v4_do_rcv(receive_context& context, tcp_sock& sk, sk_buff& skb);

}  // namespace rxpath
