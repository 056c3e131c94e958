// ip_rt_get_source() (net/ipv4/route.c): the address by which a forwarded packet leaves this host.
#pragma once

#include "models/routing/ipv4_routing.h"

namespace rxpath {

// `route`: an input route, the packet's. Options that record the way get this address.
ipv4_address ip_rt_get_source(receive_context& context, ipv4_routing& routing, const sk_buff& skb, const rtable& route);

}  // namespace rxpath
