// The route hint of list receive: the previous packet's route, when that went to the same address (net/ipv4/route.c).
#include <cerrno>

#include <fmt/format.h>

#include "models/base/kernel_functions/routing.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/ipv4_routing.h"
#include "models/routing/rt_cache.h"
#include "models/routing/works_on.h"

namespace rxpath {

namespace {

namespace step = path::ip_route_use_hint;

bool martian(kernel_call& here, ipv4_address saddr, const ipv4_devconf& all, const ipv4_devconf& device) {
    if (saddr.is_limited_broadcast() || saddr.is_unspecified()) return true;
    here.took(step::multicast_check);
    if (saddr.is_multicast()) return true;
    here.took(step::loopback_check);
    if (!saddr.is_loopback()) return false;
    here.took(step::route_localnet_all);
    if (all.route_localnet != 0) return false;
    here.took(step::route_localnet_device);
    return device.route_localnet == 0;
}

// The packet points at the hint's route, with a reference when the hint holds one (skb_dst_copy()).
void skb_dst_copy(kernel_call& here, sk_buff& skb, const sk_buff& hint) {
    here.took(step::dst_copied);
    skb._skb_refdst = hint._skb_refdst;
    if (!skb_valid_dst(hint) || skb_dst_is_noref(hint)) return;
    here.took(step::dst_referenced);
    dst_hold(*skb_dst(hint));
}

}  // namespace

int ip_route_use_hint(receive_context& context, ipv4_routing& routing, sk_buff& skb, ipv4_address daddr,
                      ipv4_address saddr, std::uint8_t tos, net_device& dev, const sk_buff& hint) {
    kernel_call here{context.trace, fn::ip_route_use_hint};
    if (martian(here, saddr, routing.devconf_all(), dev.ip.cnf)) {
        here.took(step::martian_source);
        ip_handle_martian_source(context, routing, dev);
        return -EINVAL;
    }
    works_on_dst(context.trace, *skb_dst(hint));
    here.took(step::route_read);
    if ((skb_rtable(hint)->rt_flags & rtcf_local) != 0) {
        here.took(step::source_looked_up);
        const source_question question{saddr, daddr,    static_cast<std::uint8_t>(tos & inet_dscp_mask),
                                       0,     skb.mark, &skb};
        const int error = fib_validate_source(context, routing, question, dev);
        if (error < 0) {
            here.took(step::source_refused);
            ip_handle_martian_source(context, routing, dev);
            return error;
        }
        here.took(step::source_accepted);
    }
    context.trace.reason([&] {
        return fmt::format("the same destination {} and TOS {} as an earlier packet of the list: its dst is copied",
                           daddr.to_string(), tos);
    });
    skb_dst_copy(here, skb, hint);
    skb.routed_by = route_source::hint;
    return 0;
}

bool ip_can_use_hint(const sk_buff& skb, const sk_buff* hint) {
    if (!hint || skb_dst(skb)) return false;
    const auto header = skb.ip_hdr(), before = hint->ip_hdr();
    return before.daddr() == header.daddr() && before.tos() == header.tos();
}

}  // namespace rxpath
