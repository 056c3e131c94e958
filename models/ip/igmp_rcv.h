// igmp_rcv() (net/ipv4/igmp.c): what becomes of a packet about group membership. Left out: the reports that a query
// makes the host send.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

void igmp_rcv(receive_context& context, sk_buff& skb);

}  // namespace rxpath
