// udp_v4_early_demux() of net/ipv4/udp.c for unicast: the first socket of the bucket of local address and port, if it
// is connected to the packet's sender, lends its cached dst. Left out: multicast.
#pragma once

#include "models/base/decision.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

early_demux_outcome udp_v4_early_demux(receive_context& context, sk_buff& skb);

}  // namespace rxpath
