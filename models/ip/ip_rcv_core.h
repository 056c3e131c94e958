// ip_rcv_core() of net/ipv4/ip_input.c: the sanity checks on an IPv4 header. Left out: statistics, skb sharing.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// True when the packet is kept: trimmed to its total length, transport header set. Otherwise it is dropped with the
// kernel's reason: OTHERHOST, IP_INHDR, IP_CSUM, PKT_TOO_SMALL.
bool ip_rcv_core(receive_context& context, sk_buff& skb);

}  // namespace rxpath
