// Packets to multicast groups (ip_route_input_rcu(), ip_route_input_mc() in net/ipv4/route.c, ip_check_mc_rcu() in
// igmp.c).
#include <algorithm>
#include <cerrno>

#include "models/base/kernel_functions/routing.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/ipv4_routing.h"
#include "models/routing/rt_cache.h"

namespace rxpath {

namespace {

constexpr std::uint8_t ipproto_igmp = 2;

// May an unspecified source send to this group? To a link-local one, or with IGMP.
int zero_source(kernel_call& here, ipv4_address daddr, std::uint8_t protocol) {
    namespace step = path::ip_mc_validate_source;
    here.took(step::zero_source);
    if (daddr.is_local_multicast()) {
        here.took(step::zero_source_accepted);
        return 0;
    }
    here.took(step::zero_source_igmp);
    return protocol == ipproto_igmp ? 0 : -EINVAL;
}

}  // namespace

bool ip_check_mc_rcu(receive_context& context, const in_device& in_dev, ipv4_address group, ipv4_address saddr,
                     std::uint8_t protocol) {
    namespace step = path::ip_check_mc_rcu;
    kernel_call here{context.trace, fn::ip_check_mc_rcu};
    for (const auto joined : in_dev.mc_list) {
        here.took(step::group_compared);
        if (joined != group) {
            here.took(step::group_skipped);
            continue;
        }
        here.took(step::found);
        if (protocol == ipproto_igmp) return true;
        here.took(step::source_check);
        if (!saddr.is_unspecified()) here.took(step::sources_counted);
        return true;
    }
    here.took(step::not_found);
    return false;
}

int ip_mc_validate_source(receive_context& context, ipv4_routing& routing, const source_question& question,
                          std::uint8_t protocol, net_device& dev) {
    namespace step = path::ip_mc_validate_source;
    kernel_call here{context.trace, fn::ip_mc_validate_source};
    const auto refuse = [&] {
        here.took(step::refused);
        return -EINVAL;
    };
    if (question.src.is_multicast()) return refuse();
    here.took(step::broadcast_check);
    if (question.src.is_limited_broadcast()) return refuse();
    here.took(step::loopback_check);
    if (question.src.is_loopback()) {
        here.took(step::route_localnet_all);
        if (routing.devconf_all().route_localnet == 0) {
            here.took(step::route_localnet_device);
            if (dev.ip.cnf.route_localnet == 0) return refuse();
        }
    } else {
        here.took(step::zero_check);
        if (question.src.is_unspecified()) return zero_source(here, question.dst, protocol);
    }
    here.took(step::source_validated);
    auto without_destination = question;
    without_destination.dst = {};
    return std::min(0, fib_validate_source(context, routing, without_destination, dev));
}

int ip_route_input_multicast(receive_context& context, ipv4_routing& routing, sk_buff& skb,
                             const source_question& question, net_device& dev) {
    namespace step = path::ip_route_input_rcu;
    kernel_call here{context.trace, fn::ip_route_input_rcu};
    const auto protocol = skb.ip_hdr().protocol();
    if (!ip_check_mc_rcu(context, dev.ip, question.dst, question.src, protocol)) {
        here.took(step::not_joined);
        if (!question.dst.is_local_multicast()) here.took(step::not_local_multicast);
        return -EINVAL;
    }
    here.took(step::joined);
    const int error = ip_mc_validate_source(context, routing, question, protocol, dev);
    if (error != 0) return error;
    here.took(step::accepted);
    if (!question.dst.is_local_multicast()) here.took(step::not_local_multicast);  // might be forwarded
    auto& route =
        rt_dst_alloc(context, routing, routing.loopback_dev(), rtcf_multicast | rtcf_local, route_type::multicast);
    route.dst.output = dst_output::ip_rt_bug;
    route.rt_is_input = 1;
    skb_dst_set(skb, &route.dst);
    skb.routed_by = route_source::allocated;
    return 0;
}

}  // namespace rxpath
