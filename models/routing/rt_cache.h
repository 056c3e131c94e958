// Making, caching and checking routes (net/ipv4/route.c): what the files of the input route share.
#pragma once

#include <string>

#include "models/routing/fib_info.h"
#include "models/routing/rtable.h"

namespace rxpath {

class ipv4_routing;

// The dst_ops of every IPv4 route: check is ipv4_dst_check().
extern const dst_ops ipv4_dst_ops;

// A new route, one reference held, to be checked at every use (rt_dst_alloc()).
rtable& rt_dst_alloc(receive_context& context, ipv4_routing& routing, net_device& dev, std::uint32_t flags,
                     route_type type);
// Puts a route into its next hop's cache; the one there becomes uncached and loses that reference (rt_cache_route()).
void rt_cache_route(receive_context& context, fib_nh_common& nexthop, rtable& route);
// Gives a route to `daddr` its gateway and metrics, and caches it on its next hop or on the exception for `daddr`, if
// there is one (rt_set_nexthop()).
void rt_set_nexthop(receive_context& context, const ipv4_routing& routing, rtable& route, ipv4_address daddr,
                    const fib_result& result, fib_nh_exception* exception);
// Is the route's MTU not to be changed, by configuration or because the path's is too small?
bool ip_mtu_locked(const rtable& route);
// The most bytes a packet of this host may have on the route: the path's while that is known, the route's, the device's
// (ipv4_mtu()).
std::uint32_t ipv4_mtu(const dst_entry& dst, std::uint64_t now_jiffies);
// The same for a packet to be forwarded, which minds the path's only where that is locked or
// net.ipv4.ip_forward_use_pmtu says so (ip_dst_mtu_maybe_forward()).
std::uint32_t ip_dst_mtu_forward(const dst_entry& dst, std::uint64_t now_jiffies, bool use_pmtu);
// May a cached route be used: is there one, not obsolete, of the present generation? (rt_cache_valid())
bool rt_cache_valid(receive_context& context, const rtable* route);
// Was the route made before the namespace's present generation? Records the RCU section around the look.
bool rt_is_expired(receive_context& context, const rtable& route);
// dst_ops::check: the entry while it is of the present generation, else nothing. Any obsolete but force_chk is the end.
dst_entry* ipv4_dst_check(receive_context& context, dst_entry& dst, std::uint32_t cookie);
// In words, why ipv4_dst_check() refuses it.
std::string why_obsolete(const dst_entry& dst);
// Refused because of its source: counted, and logged where net.ipv4.conf.*.log_martians says so.
void ip_handle_martian_source(receive_context& context, ipv4_routing& routing, const net_device& dev);

}  // namespace rxpath
