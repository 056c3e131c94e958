// ip_local_deliver() and below, up to the transport protocol's receive function (net/ipv4/ip_input.c).
// Left out: reassembly: a fragment is queued and never completes; raw sockets.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// True when a transport protocol is to have the packet: its data then begins at the transport header, and the calls
// stay open until end_ip_local_deliver(). False for a fragment.
bool begin_ip_local_deliver(receive_context& context, sk_buff& skb);
void end_ip_local_deliver(receive_context& context);

}  // namespace rxpath
