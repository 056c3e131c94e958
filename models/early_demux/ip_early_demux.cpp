#include "models/early_demux/ip_early_demux.h"

#include <fmt/format.h>

#include "models/base/kernel_functions/ip.h"
#include "models/early_demux/tcp_v4_early_demux.h"
#include "models/early_demux/udp_v4_early_demux.h"

namespace rxpath {

namespace {

using namespace path::ip_rcv_finish_core;

early_demux_outcome demux_tcp(receive_context& context, const sysctl_ipv4& sysctls, sk_buff& skb, std::uint32_t here) {
    context.trace.took(here, tcp);
    if (sysctls.tcp_early_demux == 0) return early_demux_outcome::protocol_off;
    context.trace.took(here, tcp_demux);
    return tcp_v4_early_demux(context, skb);
}

early_demux_outcome demux_udp(receive_context& context, const sysctl_ipv4& sysctls, sk_buff& skb, std::uint32_t here,
                              int& error) {
    context.trace.took(here, udp);
    if (sysctls.udp_early_demux == 0) return early_demux_outcome::protocol_off;
    context.trace.took(here, udp_demux);
    return udp_v4_early_demux(context, skb, error);
}

// The kernel's conditions, in its order.
early_demux_outcome demux(receive_context& context, const sysctl_ipv4& sysctls, sk_buff& skb, std::uint32_t here,
                          int& error) {
    if (sysctls.ip_early_demux == 0) return early_demux_outcome::ip_early_demux_off;
    if (skb_dst(skb) != nullptr) {
        context.trace.took(here, has_dst_already);
        return early_demux_outcome::has_dst;
    }
    context.trace.took(here, demux_considered);
    if (skb.sk != nullptr) return early_demux_outcome::has_socket;
    const auto header = skb.ip_hdr();
    if (header.is_fragment()) return early_demux_outcome::fragment;
    if (header.protocol() == ipproto_tcp) return demux_tcp(context, sysctls, skb, here);
    if (header.protocol() == ipproto_udp) return demux_udp(context, sysctls, skb, here, error);
    context.trace.took(here, other_protocol);
    return early_demux_outcome::other_protocol;
}

std::string transport_of(const sk_buff& skb) { return skb.ip_hdr().protocol() == ipproto_tcp ? "tcp" : "udp"; }

// Why early demux ended as it did; what happened inside tcp_v4_early_demux() or udp_v4_early_demux() is said there.
std::string reason_of(const sk_buff& skb) {
    switch (skb.early_demux) {
        case early_demux_outcome::ip_early_demux_off:
            return "no early demux: net.ipv4.ip_early_demux is 0";
        case early_demux_outcome::has_dst:
            return "no early demux: the packet has a dst already";
        case early_demux_outcome::has_socket:
            return "no early demux: the packet has a socket already";
        case early_demux_outcome::fragment:
            return "no early demux: a fragment may lack the transport header";
        case early_demux_outcome::protocol_off:
            return fmt::format("no early demux: net.ipv4.{}_early_demux is 0", transport_of(skb));
        case early_demux_outcome::other_protocol:
            return fmt::format("no early demux: protocol {} is neither TCP (6) nor UDP (17)", skb.ip_hdr().protocol());
        case early_demux_outcome::dst_reused:
            return "early demux attached the socket's dst, without a reference (NOREF): no lookup in the FIB";
        default:
            return fmt::format("early demux attached no dst: {}", to_string(skb.early_demux));
    }
}

}  // namespace

int ip_early_demux(receive_context& context, network_namespace& net, sk_buff& skb) {
    const auto here = context.trace.open_call();
    int error = 0;
    skb.early_demux = demux(context, net.sysctls, skb, here, error);
    if (error != 0) context.trace.took(here, path::ip_rcv_finish_core::demux_refused);
    if (skb.early_demux == early_demux_outcome::dst_reused) skb.routed_by = route_source::early_demux;
    context.trace.reason([&] { return reason_of(skb); });
    return error;
}

}  // namespace rxpath
