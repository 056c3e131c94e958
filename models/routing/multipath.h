// Choosing among several next hops (fib_multipath_hash() in net/ipv4/route.c, fib_select_multipath() in
// fib_semantics.c). net.ipv4.fib_multipath_hash_policy says what is hashed: 0 addresses, 1 protocol and ports too, 2
// the innermost addresses, 3 the fields of net.ipv4.fib_multipath_hash_fields. Left out: IPv6 inside IPv4.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/routing/fib_info.h"
#include "models/routing/flow_dissector.h"

namespace rxpath {

class ipv4_routing;

// The 31-bit hash of a packet to be forwarded. `dissected` is what the policy rules' look at the packet has found, if
// they did look.
std::uint32_t fib_multipath_hash(receive_context& context, const ipv4_routing& routing, const sk_buff& skb,
                                 const flow_keys* dissected);
// The same of a flow this host sends.
std::uint32_t fib_multipath_hash(receive_context& context, const ipv4_routing& routing, const flowi4& flow);
// Sets result.nhc to the next hop whose share the hash falls in. With net.ipv4.fib_multipath_use_neigh gateways known
// to be gone are passed over.
void fib_select_multipath(receive_context& context, const ipv4_routing& routing, fib_result& result,
                          std::uint32_t hash);
// Are both addresses in one network of this device? An unspecified second one does not matter.
bool inet_addr_onlink(const net_device& dev, ipv4_address a, ipv4_address b);

}  // namespace rxpath
