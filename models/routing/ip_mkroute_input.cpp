// The input route of a packet to be forwarded (ip_mkroute_input(), __mkroute_input() in net/ipv4/route.c).
#include <cerrno>

#include <fmt/format.h>

#include "models/base/kernel_functions/routing.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/ipv4_routing.h"
#include "models/routing/multipath.h"
#include "models/routing/rt_cache.h"
#include "models/routing/works_on.h"

namespace rxpath {

namespace {

namespace step = path::ip_route_input_slow;

// The sender and the next hop are neighbours on one link: the sender could go there directly.
bool should_redirect(receive_context& context, kernel_call& here, const ipv4_routing& routing,
                     const fib_nh_common& nexthop, ipv4_address saddr, const net_device& dev) {
    here.took(step::host_scope_source);
    if (nexthop.nhc_dev != &dev) return false;
    const auto& all = routing.devconf_all();
    here.took(step::redirect_check);
    if (all.send_redirects == 0) {
        here.took(step::redirect_device);
        if (dev.ip.cnf.send_redirects == 0) return false;
    }
    here.took(step::redirect);
    if (nexthop.nhc_gw_family == af_inet) here.took(step::redirect_gateway);
    if (all.shared_media != 0) return true;
    here.took(step::shared_media_device);
    if (dev.ip.cnf.shared_media != 0) return true;
    here.took(step::onlink_check);
    context.trace.leaf(fn::inet_addr_onlink);
    const bool onlink = inet_addr_onlink(dev, saddr, nexthop.nhc_gw);
    if (!onlink) here.took(step::not_onlink);
    return onlink;
}

// The cached route is the exception's, when there is one for the destination, else the next hop's.
bool forward_cache_hit(receive_context& context, kernel_call& here, sk_buff& skb, const fib_nh_common& nexthop,
                       const fib_nh_exception* exception) {
    if (exception) here.took(step::exception_found);
    auto* cached = exception ? exception->fnhe_rth_input : nexthop.nhc_rth_input;
    if (!cached) return false;
    works_on_dst(context.trace, cached->dst);
    here.took(step::cached_dst_check);
    if (cached->dst.obsolete != dst_obsolete::force_chk) return false;
    here.took(step::forward_generation_compared);
    if (rt_is_expired(context, *cached)) return false;
    here.took(step::forward_cache_hit);
    context.trace.reason(
        [] { return std::string{"the next hop's dst still holds: attached without a reference (NOREF)"}; });
    skb_dst_set_noref(skb, &cached->dst);
    skb.routed_by = route_source::nexthop_cache;
    return true;
}

int __mkroute_input(receive_context& context, ipv4_routing& routing, kernel_call& here, sk_buff& skb,
                    const fib_result& result, source_question question, net_device& dev) {
    auto& nexthop = *result.nhc;
    question.oif = nexthop.nhc_oif();
    const int validated = fib_validate_source(context, routing, question, dev);
    if (validated < 0) {
        here.took(step::forward_refused);
        ip_handle_martian_source(context, routing, dev);
        return validated;
    }
    here.took(step::forward_accepted);
    if (validated > 0 && should_redirect(context, here, routing, nexthop, question.src, dev)) {
        here.took(step::redirect_marked);
        skb.ip_cb.flags |= ipskb_doredirect;
    }
    auto* exception = find_exception(context, nexthop, question.dst);
    if (forward_cache_hit(context, here, skb, nexthop, exception)) return 0;
    here.took(step::forward_route_made);
    auto& route = rt_dst_alloc(context, routing, *nexthop.nhc_dev, 0, result.type);
    route.rt_is_input = 1;
    route.dst.input = dst_input::ip_forward;
    rt_set_nexthop(context, routing, route, question.dst, result, exception);
    skb_dst_set(skb, &route.dst);
    works_on_dst(context.trace, route.dst);
    skb.routed_by = route_source::allocated;
    return 0;
}

}  // namespace

int ip_mkroute_input(receive_context& context, ipv4_routing& routing, kernel_call& here, sk_buff& skb,
                     fib_result& result, const source_question& question, net_device& dev, const flow_keys* dissected) {
    here.took(step::mkroute);
    if (result.fi->fib_nh.size() > 1) {
        here.took(step::multipath);
        const auto hash = fib_multipath_hash(context, routing, skb, dissected);
        fib_select_multipath(context, routing, result, hash);
        context.trace.reason([&] {
            return fmt::format(
                "next hop {} of {}: {} by {}, since the flow's hash is {} (fib_multipath_hash_policy {})",
                result.nh_sel + 1, result.fi->fib_nh.size(), result.nhc->nhc_gw.to_string(), result.nhc->nhc_dev->name,
                hash, routing.sysctl().fib_multipath_hash_policy);
        });
        skb.ip_cb.flags |= ipskb_multipath;
    }
    return __mkroute_input(context, routing, here, skb, result, question, dev);
}

}  // namespace rxpath
