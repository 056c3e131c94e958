// IP options of a received packet (net/ipv4/ip_options.c): ip_options_compile() checks them and fills in what this host
// has to, ip_options_rcv_srr() follows a source route, ip_forward_options() records the way of a forwarded packet. Left
// out: the time of a timestamp (it is zero), CIPSO labels that the host knows.
#pragma once

#include "models/ip/network_namespace.h"

namespace rxpath {

// False when they are malformed; the sender was told which byte is wrong ("parameter problem"). skb.ip_cb says what was
// found.
bool ip_options_compile(receive_context& context, network_namespace& net, sk_buff& skb);

// The packet goes to the next hops of its source route while they are this host, and its dst is then the way to the one
// that is not. False when it cannot.
bool ip_options_rcv_srr(receive_context& context, network_namespace& net, sk_buff& skb);

// The packet leaves this host: the address by which it does goes into options that record the way, and a source route
// gives it its next destination.
void ip_forward_options(receive_context& context, network_namespace& net, sk_buff& skb);

}  // namespace rxpath
