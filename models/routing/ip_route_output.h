// The way of what this host sends (ip_route_output_key(), net/ipv4/route.c), as far as receiving needs it: an ICMP
// error says something of the way its packet took. Left out: multicast and limited broadcast, sending without a route
// through a device, choosing a source address, dead gateway detection among default routes.
#pragma once

#include "models/base/receive_context.h"
#include "models/routing/flow.h"

namespace rxpath {

class ipv4_routing;

// The route for flow.daddr; the caller gives its reference back with dst_release(). Null: there is no way there, or
// flow.saddr is given and no address of this host.
rtable* ip_route_output_key(receive_context& context, ipv4_routing& routing, flowi4 flow);

// Sets result.nhc to the next hop for the flow where there are several (fib_select_path()).
void fib_select_path(receive_context& context, const ipv4_routing& routing, const flowi4& flow, fib_result& result);

}  // namespace rxpath
