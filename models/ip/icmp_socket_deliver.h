// icmp_socket_deliver() (net/ipv4/icmp.c) and what it calls: tcp_v4_err() (net/ipv4/tcp_ipv4.c) and udp_err()
// (net/ipv4/udp.c). An error that concerns a packet of this host finds its socket; what it says of the path, an MTU or
// a better gateway, is kept in the next hop. Left out: raw sockets, the error that the application sees, what TCP sends
// again.
#pragma once

#include "models/base/icmp.h"
#include "models/ip/network_namespace.h"

namespace rxpath {

// skb.data is at the IP header that the error quotes; `error.info` is the MTU, the gateway or the pointer.
void icmp_socket_deliver(receive_context& context, network_namespace& net, sk_buff& skb, const icmp_error& error);

}  // namespace rxpath
