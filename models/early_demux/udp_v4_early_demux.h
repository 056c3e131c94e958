// udp_v4_early_demux() of net/ipv4/udp.c: the first socket of the bucket of local address and port, if it is connected
// to the packet's sender, lends its cached dst; for a group that the device is in, the only socket that takes the
// datagram.
#pragma once

#include "models/base/decision.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// `error` becomes the kernel's return value: 0, or a negative errno for a source that may not send to the group.
early_demux_outcome udp_v4_early_demux(receive_context& context, sk_buff& skb, int& error);

}  // namespace rxpath
