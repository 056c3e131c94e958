// ip_rcv_finish_core() of net/ipv4/ip_input.c, in two halves: early demux and routing run between them.
#pragma once

#include "models/ip/network_namespace.h"

namespace rxpath {

// Opens the call; answers its index in the trace.
std::uint32_t begin_ip_rcv_finish_core(receive_context& context, sk_buff& skb);
// What follows routing: options, multicast and broadcast, frames sent to a link-layer group. `route_error` is 0 or a
// negative errno. Closes the call; false when the packet is dropped.
bool end_ip_rcv_finish_core(receive_context& context, network_namespace& net, sk_buff& skb, int route_error);

}  // namespace rxpath
