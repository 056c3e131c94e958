// UDP's receive path (net/ipv4/udp.c): the checks on a datagram, and its way into the receive queue. Which socket it is
// for: udp_lookup.h, udp_multicast.h.
//
// Left out: encapsulation, GRO'ed datagrams, UDP-Lite.
#pragma once

#include <vector>

#include "models/base/receive_context.h"
#include "models/socket/udp_table.h"

namespace rxpath {

class inet_sockets;

// Takes the packet over. skb.data is at the UDP header.
void udp_rcv(receive_context& context, inet_sockets& sockets, sk_buff& skb);

// Queues the datagram on a socket that it is for; skb.data is at the UDP header.
void udp_queue_rcv_skb(receive_context& context, udp_sock& sk, sk_buff& skb);

// The application reads a datagram, the oldest; none when there is none.
void udp_recvmsg(udp_sock& sk, std::vector<received_packet>& read);
// The socket is closed: what nobody has read is dropped.
void udp_destruct_common(receive_context& context, udp_sock& sk);

}  // namespace rxpath
