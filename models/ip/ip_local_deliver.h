// ip_local_deliver() and below, up to the transport protocol's receive function (net/ipv4/ip_input.c).
// Left out: raw sockets.
#pragma once

#include "models/ip/network_namespace.h"

namespace rxpath {

// True when a transport protocol is to have the packet: its data then begins at the transport header, and the calls
// stay open until end_ip_local_deliver(). False for a fragment that does not complete its datagram.
bool begin_ip_local_deliver(receive_context& context, network_namespace& net, sk_buff& skb);
void end_ip_local_deliver(receive_context& context);

}  // namespace rxpath
