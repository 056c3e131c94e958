#include "models/early_demux/udp_v4_early_demux.h"

#include <fmt/format.h>

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/memory_objects.h"
#include "models/early_demux/pull_header.h"
#include "models/ip/network_namespace.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/rt_cache.h"
#include "models/routing/works_on.h"
#include "models/socket/udp_lookup.h"
#include "models/socket/udp_multicast.h"

namespace rxpath {

namespace {

using namespace path::udp_v4_early_demux;

// The connected socket of the datagram, if it is the first of its bucket.
udp_sock* find_connected(receive_context& context, kernel_call& here, network_namespace& net, const sk_buff& skb) {
    using compared = udp_demux_result::compared;
    const auto ip = skb.ip_hdr();
    const auto udp = skb.udp_hdr();
    const auto result = __udp4_lib_demux_lookup(net.sockets, udp.dest(), ip.daddr(), udp.source(), ip.saddr(),
                                                skb.dev->ifindex, inet_sdif(skb));
    context.trace.works_on_number(memory_object::udp_slot,
                                  net.sockets.udp_table().address_slot(ip.daddr(), udp.dest()));
    if (result.sk != nullptr) works_on_sock(context.trace, *result.sk);
    here.took(bucket_looked_up);
    if (result.reached >= compared::net) here.took(net_compared);
    if (result.reached >= compared::ports) here.took(ports_compared);
    if (result.reached >= compared::addresses) here.took(address_compared);
    if (result.reached >= compared::device) here.took(device_compared);
    if (result.bound_to_device) here.took(bound_device_compared);
    return result.sk;
}

// The socket of a datagram to a group that this device is in, if there is just one.
udp_sock* find_in_group(receive_context& context, kernel_call& here, network_namespace& net, const sk_buff& skb) {
    here.took(multicast);
    const auto ip = skb.ip_hdr();
    if (!ip_check_mc_rcu(context, skb.dev->ip, ip.daddr(), ip.saddr(), ip.protocol())) return nullptr;
    here.took(group_joined);
    return __udp4_lib_mcast_demux_lookup(context, here, net.sockets, skb);
}

early_demux_outcome reuse_rx_dst(receive_context& context, kernel_call& here, sk_buff& skb, const udp_sock& sk) {
    auto* dst = sk.sk_rx_dst;
    if (dst == nullptr) {
        context.trace.reason([] { return std::string{"the socket has no sk_rx_dst"}; });
        return early_demux_outcome::no_rx_dst;
    }
    works_on_dst(context.trace, *dst);
    here.took(dst->obsolete == dst_obsolete::none ? dst_not_checked : dst_checked);
    if (dst_check(context, *dst, 0) == nullptr) {
        context.trace.reason([&] { return "sk_rx_dst may not be used again: " + why_obsolete(*dst); });
        return early_demux_outcome::rx_dst_obsolete;
    }
    here.took(dst_set);
    skb_dst_set_noref(skb, dst);
    return early_demux_outcome::dst_reused;
}

// A socket that takes datagrams of anybody lends its dst to any source: each is validated.
int validate_source(receive_context& context, kernel_call& here, network_namespace& net, const sk_buff& skb) {
    here.took(source_validated);
    const auto ip = skb.ip_hdr();
    source_question question;
    question.src = ip.saddr();
    question.dst = ip.daddr();
    question.tos = ip.tos() & inet_dscp_mask;
    question.mark = skb.mark;
    question.skb = &skb;
    return ip_mc_validate_source(context, net.routing, question, ip.protocol(), *skb.dev);
}

}  // namespace

early_demux_outcome udp_v4_early_demux(receive_context& context, sk_buff& skb, int& error) {
    kernel_call here{context.trace, fn::udp_v4_early_demux};
    auto& net = dev_net(*skb.dev);
    error = 0;
    if (!pull_header(context, here, skb, udp_header_view::size, header_too_short, header_pulled))
        return early_demux_outcome::header_too_short;
    const bool to_group = skb.pkt_type == packet_type::multicast;
    if (!to_group && skb.pkt_type != packet_type::host) {
        here.took(not_unicast);
        context.trace.reason([] { return std::string{"the frame is a broadcast or another host's (pkt_type)"}; });
        return early_demux_outcome::not_packet_host;
    }
    auto* found = to_group ? find_in_group(context, here, net, skb) : find_connected(context, here, net, skb);
    if (found == nullptr) {
        context.trace.reason([&] {
            return to_group ? fmt::format("not just one socket takes {}:{} here", skb.ip_hdr().daddr().to_string(),
                                          skb.udp_hdr().dest().value)
                            : fmt::format("the first socket on {}:{} is not connected to {}:{}, or there is none",
                                          skb.ip_hdr().daddr().to_string(), skb.udp_hdr().dest().value,
                                          skb.ip_hdr().saddr().to_string(), skb.udp_hdr().source().value);
        });
        return early_demux_outcome::no_socket;
    }
    here.took(to_group ? mc_found : socket_found);
    works_on_sock(context.trace, *found);
    skb.sk = found;
    skb.destructor = sock_pfree;
    const auto outcome = reuse_rx_dst(context, here, skb, *found);
    const bool any_source = to_group && found->skc_daddr.is_unspecified();
    if (outcome == early_demux_outcome::dst_reused && any_source) error = validate_source(context, here, net, skb);
    return outcome;
}

}  // namespace rxpath
