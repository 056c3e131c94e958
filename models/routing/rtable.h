// struct rtable (include/net/route.h): a dst_entry of IPv4. Members, sizes and offsets are those of the 64-bit kernel.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/base/address.h"
#include "models/routing/dst_entry.h"

namespace rxpath {

// RTN_*, include/uapi/linux/rtnetlink.h: what a route does with a packet.
enum class route_type : std::uint8_t {
    unspec,
    unicast,
    local,
    broadcast,
    anycast,
    multicast,
    blackhole,
    unreachable,
    prohibit,
    throw_,
    count
};

constexpr std::string_view to_string(route_type type) {
    constexpr std::string_view names[] = {"unspec",    "unicast",   "local",       "broadcast", "anycast",
                                          "multicast", "blackhole", "unreachable", "prohibit",  "throw"};
    return names[static_cast<std::size_t>(type)];
}

// rtable::rt_flags (include/uapi/linux/in_route.h)
constexpr std::uint32_t rtcf_redirected = 0x00040000, rtcf_broadcast = 0x10000000, rtcf_multicast = 0x20000000,
                        rtcf_local = 0x80000000;

constexpr std::uint8_t af_unspec = 0, af_inet = 2;

struct rtable {
    dst_entry dst;
    std::int32_t rt_genid = 0;   // the namespace's generation when the route was made
    std::uint32_t rt_flags = 0;  // rtcf_*
    std::uint16_t rt_type = 0;   // route_type
    std::uint8_t rt_is_input = 0;
    std::uint8_t rt_uses_gateway = 0;
    std::int32_t rt_iif = 0;
    std::uint8_t rt_gw_family = af_unspec;
    union {
        ipv4_address rt_gw4 = {};
        std::uint32_t rt_gw6[4];
    };
    std::uint32_t rt_mtu_locked : 1;
    std::uint32_t rt_pmtu : 31;  // bytes; 0: the device's MTU
};

inline rtable& rtable_of(dst_entry& dst) { return reinterpret_cast<rtable&>(dst); }  // dst is the first member
inline const rtable& rtable_of(const dst_entry& dst) { return reinterpret_cast<const rtable&>(dst); }
inline rtable* skb_rtable(const sk_buff& skb) { return reinterpret_cast<rtable*>(skb_dst(skb)); }
inline bool rt_is_input_route(const rtable& route) { return route.rt_is_input != 0; }

}  // namespace rxpath
