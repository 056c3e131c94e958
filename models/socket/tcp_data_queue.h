// Where a segment's data goes (net/ipv4/tcp_input.c): the receive queue when it is the next, the out-of-order queue
// when something before it is missing, nowhere when it is old or does not fit.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

void tcp_data_queue(receive_context& context, tcp_sock& sk, sk_buff& skb);
// Data was received: when the ACK is due, how large segments are.
void tcp_event_data_recv(receive_context& context, tcp_sock& sk, const sk_buff& skb, std::uint32_t bytes);
// Wakes the reader if there is something for it.
void tcp_data_ready(receive_context& context, tcp_sock& sk);
// tcp_cleanup_skb() with the header pulled: what the receive queue has no use for is given back.
void tcp_cleanup_skb(receive_context& context, sk_buff& skb);

}  // namespace rxpath
