// `ip route get DST from SRC iif DEV` (the input half of inet_rtm_getroute(), net/ipv4/route.c): how a packet that
// never came would be routed. Asking leaves what a packet would leave: a cached input route, a route marked as used.
//
// Left out: the output route (without iif), UIDs.
#pragma once

#include "models/base/headers.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

struct route_question {
    ipv4_address dst, src;
    net_device* iif = nullptr;
    std::uint8_t tos = 0;
    std::uint32_t mark = 0;
    std::uint8_t ipproto = ipproto_udp;
    port_number sport, dport;
};

struct route_answer {
    int error = 0;                  // 0 or a negative errno; then what follows is not set
    fib_result result;              // what the tables answered; result.fi is null when no table did
    const rtable* route = nullptr;  // valid while skb holds it
    bool redirect = false;          // the sender could go to the next hop directly (RTCF_DOREDIRECT)
};

// Asks; the packet that holds the answer's route is `skb`, to be dropped by skb_dst_drop().
route_answer route_get(receive_context& context, ipv4_routing& routing, sk_buff& skb, const route_question& question);

}  // namespace rxpath
