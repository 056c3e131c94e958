// icmp_route_lookup() (net/ipv4/icmp.c): the way of an ICMP error back to the sender of a packet. For a packet that was
// not for this host the kernel also asks for the way as if the answer had come in from its destination, which leaves a
// route in a next hop's cache. Left out: source routes, IPsec.
#pragma once

#include <optional>

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

// `source`: the answer's source address; unspecified: routing chooses. Nothing when there is no way.
std::optional<output_route> icmp_route_lookup(receive_context& context, ipv4_routing& routing, sk_buff& skb,
                                              ipv4_address source);

}  // namespace rxpath
