// Next hop exceptions (struct fib_nh_exception, include/net/ip_fib.h; net/ipv4/route.c): what a next hop has learnt of
// single destinations behind it, a smaller path MTU or a better gateway, and the routes cached for them.
//
// A table of 2048 chains, made when the first exception comes; the newest is first in its chain. The kernel's hash key
// is random at boot; here it is always the same.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/base/receive_context.h"
#include "models/routing/rtable.h"

namespace rxpath {

class ipv4_routing;
struct fib_nh_common;

struct fib_nh_exception {
    std::int32_t fnhe_genid = 0;  // the namespace's fnhe_genid when it was last learnt
    ipv4_address fnhe_daddr;      // the destination
    std::uint32_t fnhe_pmtu = 0;  // bytes; 0: the next hop's
    bool fnhe_mtu_locked = false;
    ipv4_address fnhe_gw;              // 0: the next hop's
    std::uint64_t fnhe_expires = 0;    // jiffies; 0: never
    rtable* fnhe_rth_input = nullptr;  // cached routes; the exception holds a reference
    rtable* fnhe_rth_output = nullptr;
    std::uint64_t fnhe_stamp = 0;  // jiffies of the last use
};

// fib_nh_common::nhc_exceptions
struct fnhe_hash_table {
    using chain = std::vector<std::unique_ptr<fib_nh_exception>>;
    static constexpr unsigned hash_shift = 11;  // FNHE_HASH_SHIFT

    std::array<chain, 1u << hash_shift> buckets;

    fnhe_hash_table() = default;
    fnhe_hash_table(const fnhe_hash_table&) = delete;
    fnhe_hash_table& operator=(const fnhe_hash_table&) = delete;
    ~fnhe_hash_table();  // the cached routes die (free_nh_exceptions())
};

// What a router or a redirect says of one destination.
struct fnhe_news {
    ipv4_address gateway;    // 0: nothing new
    std::uint32_t pmtu = 0;  // bytes; 0: nothing new
    bool mtu_locked = false;
    std::uint64_t expires = 0;  // jiffies
};

// The exception for `daddr`, or nothing; one that has expired is removed.
fib_nh_exception* find_exception(receive_context& context, fib_nh_common& nexthop, ipv4_address daddr);
// Keeps the news. A new exception makes routes cached on the next hop obsolete; in a chain that has grown too long it
// takes the place of the one that was longest not used.
void update_or_create_fnhe(receive_context& context, const ipv4_routing& routing, fib_nh_common& nexthop,
                           ipv4_address daddr, const fnhe_news& news);
// A new route to `daddr` takes over what the exception says and is cached there (rt_bind_exception()). Part of
// rt_set_nexthop(), whose call is `here`.
void rt_bind_exception(receive_context& context, kernel_call& here, const ipv4_routing& routing, rtable& route,
                       fib_nh_exception& exception, ipv4_address daddr);
// The next hop's device has another MTU: exceptions follow where theirs was limited by it (fib_nhc_update_mtu()).
void fib_nhc_update_mtu(fib_nh_common& nexthop, std::uint32_t mtu, std::uint32_t before);

}  // namespace rxpath
