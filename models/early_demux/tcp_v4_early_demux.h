// tcp_v4_early_demux() of net/ipv4/tcp_ipv4.c: finds the established socket before routing, and when the dst that the
// socket last received through still holds for this interface, attaches it, so that no route is looked up.
#pragma once

#include "models/base/decision.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// Answers how it ended, from not_packet_host to dst_reused. The kernel's return value is 0 in every case.
// The namespace is the device's, dev_net(skb.dev).
early_demux_outcome tcp_v4_early_demux(receive_context& context, sk_buff& skb);

}  // namespace rxpath
