#include "models/early_demux/tcp_v4_early_demux.h"

#include <fmt/format.h>

#include "models/base/kernel_functions/early_demux.h"
#include "models/early_demux/pull_header.h"
#include "models/ip/network_namespace.h"
#include "models/routing/rt_cache.h"
#include "models/routing/works_on.h"

namespace rxpath {

namespace {

using namespace path::tcp_v4_early_demux;

// The dst, if it may still be used: dst_check(dst, 0). Only an entry that asks for it is checked by its ops.
dst_entry* check_rx_dst(receive_context& context, kernel_call& here, dst_entry& dst) {
    const bool checked = dst.obsolete != dst_obsolete::none;
    here.took(checked ? dst_checked : dst_not_checked);
    auto* usable = dst_check(context, dst, 0);
    context.trace.reason([&] {
        if (usable == nullptr) return "sk_rx_dst may not be used again: " + why_obsolete(dst);
        return std::string{checked ? "sk_rx_dst is still valid" : "sk_rx_dst needs no check: it is not obsolete (0)"};
    });
    return usable;
}

// The interface that the dst was learnt on against the one that the packet came on.
bool came_as_learnt(receive_context& context, const sock& sk, const sk_buff& skb) {
    const bool same = sk.sk_rx_dst_ifindex == skb.skb_iif;
    context.trace.reason([&] {
        if (same) return fmt::format("sk_rx_dst was learnt on interface {}, as this packet came on", skb.skb_iif);
        return fmt::format("sk_rx_dst is not for this packet: learnt on interface {}, the packet came on {}",
                           sk.sk_rx_dst_ifindex, skb.skb_iif);
    });
    return same;
}

// Attaches the socket's dst to the packet if it is valid and was learnt on the interface the packet arrived on.
early_demux_outcome reuse_rx_dst(receive_context& context, kernel_call& here, sk_buff& skb, sock& sk) {
    auto* dst = sk.sk_rx_dst;
    if (dst == nullptr) {
        context.trace.reason([] { return std::string{"the socket has no sk_rx_dst"}; });
        return early_demux_outcome::no_rx_dst;
    }
    works_on_dst(context.trace, *dst);
    dst = check_rx_dst(context, here, *dst);
    if (dst == nullptr) return early_demux_outcome::rx_dst_obsolete;
    here.took(interface_compared);
    if (!came_as_learnt(context, sk, skb)) return early_demux_outcome::other_interface;
    here.took(dst_set);
    skb_dst_set_noref(skb, dst);
    return early_demux_outcome::dst_reused;
}

}  // namespace

early_demux_outcome tcp_v4_early_demux(receive_context& context, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_v4_early_demux};
    auto& net = dev_net(*skb.dev);
    if (skb.pkt_type != packet_type::host) {
        context.trace.reason([] { return std::string{"the frame's destination is not this host's own (pkt_type)"}; });
        return early_demux_outcome::not_packet_host;
    }
    if (!pull_header(context, here, skb, tcp_header_view::size, header_too_short, header_pulled))
        return early_demux_outcome::header_too_short;
    const auto tcp = skb.tcp_hdr();
    if (tcp.doff() < tcp_header_view::size / 4) {
        here.took(bad_doff);
        context.trace.reason([&] { return fmt::format("the TCP header says {} words, 5 are the least", tcp.doff()); });
        return early_demux_outcome::bad_doff;
    }
    here.took(lookup);
    const auto ip = skb.ip_hdr();
    auto* found = __inet_lookup_established(context, net.sockets.hashinfo(), net, ip.saddr(), tcp.source(), ip.daddr(),
                                            tcp.dest(), skb.skb_iif, inet_sdif(skb));
    if (found == nullptr) return early_demux_outcome::no_socket;
    here.took(socket_found);
    skb.sk = found;
    skb.destructor = sock_edemux;
    if (!sk_fullsock(*found)) {
        context.trace.reason([&] {
            return fmt::format("the socket is in {}: not a full one, it keeps no dst", to_string(found->skc_state));
        });
        return early_demux_outcome::no_full_socket;
    }
    here.took(full_socket);
    return reuse_rx_dst(context, here, skb, static_cast<sock&>(*found));
}

}  // namespace rxpath
