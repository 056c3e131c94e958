// icmp_send() (net/ipv4/icmp.c): an error to the packet's sender, if it may have one, at the rates that the host and
// its inet_peer allow. The price is that of the whole; the lookups for the way back are traced, since they can change
// what is cached.
#pragma once

#include "models/base/icmp.h"
#include "models/ip/network_namespace.h"

namespace rxpath {

void icmp_send(receive_context& context, network_namespace& net, sk_buff& skb, const icmp_error& error);

}  // namespace rxpath
