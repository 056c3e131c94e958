// tcp_sock::out_of_order_queue (net/ipv4/tcp_input.c): segments beyond a gap, by sequence number, those that follow one
// another merged. The kernel's is a red-black tree; here it is an array that is searched as the tree is when balanced,
// so that the nodes passed are the kernel's for few holes and close to it for many.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

// A segment beyond rcv_nxt. `here` is tcp_data_queue(), which the compiler makes this a part of.
void tcp_data_queue_ofo(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb);
// What was out of order and is now the next moves to the receive queue.
void tcp_ofo_queue(receive_context& context, kernel_call& here, tcp_sock& sk);
// Gives up what lies behind the packet, an eighth of the buffer at a time, until the socket is within its limit.
void tcp_prune_ofo_queue(receive_context& context, tcp_sock& sk, const sk_buff& skb);

}  // namespace rxpath
