// sk_receive_queue of a TCP socket, and the memory that it and the out-of-order queue may take (tcp_queue_rcv(),
// tcp_try_coalesce(), tcp_try_rmem_schedule(), net/ipv4/tcp_input.c). A packet that follows the last one is merged into
// its sk_buff: copied if the bytes left there suffice, else as a page fragment. Left out: collapsing the queue when
// memory is short (tcp_collapse()).
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

// The packet, its header pulled, as it stands in a queue from now on.
received_packet packet_of(sk_buff& skb);
// Merges the packet, of so many bytes and fragments, into the sk_buff that ends with `tail`.
bool tcp_try_coalesce(receive_context& context, const received_packet& tail, received_packet& packet);
// Appends what is received next; what the application has already is cut off.
void append_received(tcp_sock& sk, received_packet packet);
// Appends the packet to the receive queue; true when it was merged into the last sk_buff there.
bool tcp_queue_rcv(receive_context& context, tcp_sock& sk, sk_buff& skb);
// The merged packet's sk_buff is freed.
void kfree_skb_partial(receive_context& context);
// Memory for the packet, if the socket may have more. The buffer's limit follows what is queued up to
// net.ipv4.tcp_rmem's largest; beyond that, what waits out of order and behind the packet is given up.
bool tcp_try_rmem_schedule(receive_context& context, tcp_sock& sk, const sk_buff& skb);

}  // namespace rxpath
