// ip_protocol_deliver_rcu() (net/ipv4/ip_input.c) for what is neither TCP nor UDP: the protocols that Debian's kernel
// has a handler for, and those it answers with "protocol unreachable". Left out: what a module would add (GRE, SCTP,
// IPsec), UDP-Lite.
#pragma once

#include "models/ip/network_namespace.h"

namespace rxpath {

// Records its steps in the ip_protocol_deliver_rcu() that is open.
void deliver_other_protocol(receive_context& context, network_namespace& net, sk_buff& skb);

}  // namespace rxpath
