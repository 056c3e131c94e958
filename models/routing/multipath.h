// Choosing among several next hops (fib_multipath_hash() in net/ipv4/route.c, fib_select_multipath() in
// fib_semantics.c).
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/routing/fib_info.h"

namespace rxpath {

class ipv4_routing;

// A flow's 31-bit hash: over the addresses, with net.ipv4.fib_multipath_hash_policy=1 also over protocol and ports. The
// kernel's is SipHash with a key of the boot; this one spreads as evenly but takes other values.
std::uint32_t fib_multipath_hash(const ipv4_routing& routing, const sk_buff& skb);
// Sets result.nhc to the next hop whose share the packet's hash falls in.
void fib_select_multipath(receive_context& context, const ipv4_routing& routing, const sk_buff& skb,
                          fib_result& result);
// Are both addresses in one network of this device? An unspecified second one does not matter.
bool inet_addr_onlink(const net_device& dev, ipv4_address a, ipv4_address b);

}  // namespace rxpath
