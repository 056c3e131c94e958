// ip_expire() (net/ipv4/ip_fragment.c): the time of incomplete datagrams is over; the sender of one whose first
// fragment came is told.
#pragma once

#include "models/ip/network_namespace.h"

namespace rxpath {

// Gives up all queues whose time is over.
void ip_expire(receive_context& context, network_namespace& net);

}  // namespace rxpath
