// icmp_rcv() (net/ipv4/icmp.c) as a whole, with the echo reply; and what ip_protocol_deliver_rcu() does with a protocol
// that nobody registered. Left out: errors that concern this host's own packets.
#pragma once

#include "models/network_namespace.h"

namespace rxpath {

void icmp_rcv(receive_context& context, network_namespace& net, sk_buff& skb);
void no_protocol(receive_context& context, network_namespace& net, sk_buff& skb);

}  // namespace rxpath
