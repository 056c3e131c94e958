// A SYN for a listener (tcp_conn_request(), net/ipv4/tcp_input.c): a request socket and a SYN-ACK, unless a queue is
// full: then the SYN-ACK carries a cookie, or the SYN is dropped. Left out: fast open, metrics that prove a peer alive.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

void tcp_conn_request(receive_context& context, tcp_sock& listener, const sk_buff& skb);
// tcp_v4_conn_request(), net/ipv4/tcp_ipv4.c: a SYN to a broadcast or multicast address goes no further.
void tcp_v4_conn_request(receive_context& context, tcp_sock& listener, const sk_buff& skb);

// Room in the queues: connections half open, and connections that wait for accept().
bool inet_csk_reqsk_queue_is_full(const tcp_sock& listener);
bool sk_acceptq_is_full(const tcp_sock& listener);

}  // namespace rxpath
