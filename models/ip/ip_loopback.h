// What this host sends to itself (ip_mc_output(), dev_loopback_xmit() in net/ipv4/ip_output.c, loopback_xmit() in
// drivers/net/loopback.c): to an address of its own it comes back on the loopback device; to a broadcast address or a
// group that the device is in, a copy comes back where it leaves. netif_rx() puts it in the backlog; NAPI polls that in
// the same softirq. Left out: what is sent outside the softirq, by tasks and timers.
#pragma once

#include "models/base/icmp.h"
#include "models/ip/network_namespace.h"

namespace rxpath {

// A TCP segment went out; it comes back without options and data.
void loop_back_tcp(receive_context& context, network_namespace& net, const sent_packet& sent);

struct icmp_route {
    ipv4_address from, to;
    std::uint8_t tos = 0;
};
// An ICMP message with `payload` behind its header went out.
void loop_back_icmp(receive_context& context, network_namespace& net, const icmp_route& way, const icmp_error& message,
                    byte_view payload);

}  // namespace rxpath
