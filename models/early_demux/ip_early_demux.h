// The part of ip_rcv_finish_core() (net/ipv4/ip_input.c) that decides whether early demux runs, and runs it.
#pragma once

#include "models/base/receive_context.h"
#include "models/ip/network_namespace.h"

namespace rxpath {

// Records its steps in the ip_rcv_finish_core() that is open, and sets skb.early_demux and skb.routed_by. Answers 0, or
// a negative errno when the packet's source may not send to the group it sends to.
int ip_early_demux(receive_context& context, network_namespace& net, sk_buff& skb);

}  // namespace rxpath
