// What a route lookup asks and what it is answered: struct flowi4 (include/net/flow.h), struct fib_result
// (include/net/ip_fib.h).
#pragma once

#include <cstdint>

#include "models/base/net_device.h"
#include "models/routing/rtable.h"

namespace rxpath {

struct fib_info;
struct fib_nh_common;
struct fib_table;

struct flowi4 {
    int flowi4_oif = 0;
    int flowi4_iif = 0;
    int flowi4_l3mdev = 0;
    std::uint32_t flowi4_mark = 0;
    std::uint8_t flowi4_tos = 0;
    route_scope flowi4_scope = route_scope::universe;
    std::uint8_t flowi4_proto = 0;  // these three only when a rule needs them
    std::uint16_t fl4_sport = 0;
    std::uint16_t fl4_dport = 0;
    ipv4_address daddr;
    ipv4_address saddr;
};

constexpr int loopback_ifindex = 1;            // LOOPBACK_IFINDEX: what this host sends seems to come in there
constexpr std::uint8_t inet_dscp_mask = 0xfc;  // of a TOS; the rest is ECN (INET_DSCP_MASK)

// flags of a lookup
constexpr unsigned fib_lookup_ignore_linkstate = 2;  // FIB_LOOKUP_IGNORE_LINKSTATE

struct fib_result {
    ipv4_prefix prefix;
    std::size_t nh_sel = 0;
    route_type type = route_type::unspec;
    route_scope scope = route_scope::universe;
    std::uint8_t dscp = 0;
    fib_nh_common* nhc = nullptr;
    fib_info* fi = nullptr;
    const fib_table* table = nullptr;
};

}  // namespace rxpath
