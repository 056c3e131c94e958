// ip_forward() (net/ipv4/ip_forward.c) and ip_error() (net/ipv4/route.c): what becomes of a packet that is not for this
// host. Left out: fragmentation on the way out, sockets that want router alerts.
#pragma once

#include "models/ip/network_namespace.h"

namespace rxpath {

// Sends the packet on, or drops it when its time to live ends (IP_INHDR) or it does not fit (PKT_TOO_BIG).
void ip_forward(receive_context& context, network_namespace& net, sk_buff& skb);

// Drops a packet that has no way, with an ICMP error to a sender that has not had too many.
void ip_error(receive_context& context, network_namespace& net, sk_buff& skb);

}  // namespace rxpath
