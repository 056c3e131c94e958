// icmp_send() (net/ipv4/icmp.c) as a whole: an error to the packet's sender, at the rate that its inet_peer allows.
#pragma once

#include "models/network_namespace.h"

namespace rxpath {

// `limited`: the type is one that net.ipv4.icmp_ratemask limits (destination unreachable, time exceeded).
void icmp_send(receive_context& context, network_namespace& net, sk_buff& skb, bool limited);

}  // namespace rxpath
