// Names the kernel objects that calls work on to the trace, at the addresses that the modelled slabs give them.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/routing/dst_entry.h"
#include "models/routing/fib_node.h"

namespace rxpath {

// From here on a device with its NAPI instance, its driver and its IPv4 configuration is worked on.
void works_on_device(call_trace& trace, const net_device& dev);
// The packet, its headers and, if it has them, its device and dst; calls are for this packet from here on.
void works_on_packet(call_trace& trace, const sk_buff& skb);
// A dst and the device it names.
void works_on_dst(call_trace& trace, const dst_entry& dst);
// The device that a next hop or a dst leads through.
void works_on_dst_device(call_trace& trace, const net_device& dev);
// A node of a trie, and the place of the child that `index` selects.
void works_on_node(call_trace& trace, const fib_node& node, std::uint64_t index = 0);
void works_on_alias(call_trace& trace, const fib_node& leaf, const fib_alias& alias);
// What a route says, and of its next hops number `selected`.
void works_on_fib_info(call_trace& trace, const fib_info& info, std::size_t selected = 0);

}  // namespace rxpath
