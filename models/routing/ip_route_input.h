// The input route: what becomes of a received packet (net/ipv4/route.c).
//
// The kernel's functions answer 0 or a negative errno, and so do these: -EINVAL (a martian), -EXDEV (rp_filter),
// -EHOSTUNREACH and -ENOBUFS do not come out, because a packet without route gets a dst whose input is ip_error.
// ip_rcv_finish_core() turns -EXDEV into the drop reason IP_RPFILTER and the rest into NOT_SPECIFIED.
// Left out: multicast routing, tunnels, encapsulation, path MTU exceptions,
// l3mdev.
#pragma once

#include <cstdint>

#include "models/base/net_device.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/routing/fib_frontend.h"
#include "models/routing/flow_dissector.h"

namespace rxpath {

class ipv4_routing;

// Routes a packet that has no dst: on success skb has one, without reference when it was cached (skb.routed_by says
// so).
int ip_route_input_noref(receive_context& context, ipv4_routing& routing, sk_buff& skb, ipv4_address daddr,
                         ipv4_address saddr, std::uint8_t tos, net_device& dev);

// The same with what the tables answered in `result`, which stays empty where no table was asked or none answered.
int ip_route_input_rcu(receive_context& context, ipv4_routing& routing, sk_buff& skb, const source_question& question,
                       net_device& dev, fib_result& result);

// Routes a packet as the one before it in the list, whose destination is the same: only its source is checked.
int ip_route_use_hint(receive_context& context, ipv4_routing& routing, sk_buff& skb, ipv4_address daddr,
                      ipv4_address saddr, std::uint8_t tos, net_device& dev, const sk_buff& hint);

// May the packet take the route of `hint`, the one before it in the list? It has none yet, and goes to the same address
// with the same TOS.
bool ip_can_use_hint(const sk_buff& skb, const sk_buff* hint);

// Is the device in the group (net/ipv4/igmp.c)? A list of allowed or refused sources is not modelled: all may send.
bool ip_check_mc_rcu(receive_context& context, const in_device& in_dev, ipv4_address group, ipv4_address saddr,
                     std::uint8_t protocol);
// May a packet to a group come from this source, on this device? 0, or a negative errno.
int ip_mc_validate_source(receive_context& context, ipv4_routing& routing, const source_question& question,
                          std::uint8_t protocol, net_device& dev);

// The parts of ip_route_input_noref() that have files of their own.

// ip_mkroute_input(): the route of a packet to be forwarded. `dissected` is its flow, when a rule needed it.
int ip_mkroute_input(receive_context& context, ipv4_routing& routing, kernel_call& here, sk_buff& skb,
                     fib_result& result, const source_question& question, net_device& dev, const flow_keys* dissected);
// Its branch for multicast destinations, which is all that the compiler kept as a function of its own.
int ip_route_input_multicast(receive_context& context, ipv4_routing& routing, sk_buff& skb,
                             const source_question& question, net_device& dev);

}  // namespace rxpath
