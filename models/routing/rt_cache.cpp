#include "models/routing/rt_cache.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/routing.h"
#include "models/base/memory_objects.h"
#include "models/routing/fib_frontend.h"
#include "models/routing/ipv4_routing.h"
#include "models/routing/uncached_list.h"
#include "models/routing/works_on.h"

namespace rxpath {

namespace {

constexpr std::uint32_t ip_max_mtu = 0xffff;

// The route's own limit, the path's only if `use_path` says so (ip_dst_mtu_maybe_forward()).
std::uint32_t dst_mtu(const rtable& route, std::uint64_t now_jiffies, bool use_path) {
    constexpr std::uint32_t every_host_takes = 576;
    if (use_path && route.rt_pmtu != 0 && static_cast<std::int64_t>(now_jiffies - route.dst.expires) < 0)
        return std::min<std::uint32_t>(route.rt_pmtu, ip_max_mtu);
    if (const auto metric = dst_metric_raw(route.dst, rtax::mtu)) return std::min(metric, ip_max_mtu);
    const bool far = ip_mtu_locked(route) && route.rt_uses_gateway != 0;
    return std::min(route.dst.dev->mtu, far ? every_host_takes : ip_max_mtu);
}

constexpr dst_ops make_ipv4_dst_ops() {
    dst_ops ops{};
    ops.family = af_inet;
    ops.check = ipv4_dst_check;
    ops.mtu = ipv4_mtu;
    return ops;
}

rtable& dst_alloc(receive_context& context, ipv4_routing& routing, net_device& dev) {
    kernel_call here{context.trace, fn::dst_alloc};
    context.trace.leaf(fn::kmem_cache_alloc_noprof);
    auto& route = routing.slab().allocate();
    context.trace.works_on_number(memory_object::dst_entry, dst_slab::place_of(route.dst));
    dst_init(route.dst, ipv4_dst_ops, &dev, dst_obsolete::force_chk, 0, jiffies(context.now));
    context.trace.leaf(fn::percpu_counter_add_batch);
    return route;
}

}  // namespace

const dst_ops ipv4_dst_ops = make_ipv4_dst_ops();

bool ip_mtu_locked(const rtable& route) { return route.rt_mtu_locked != 0 || dst_metric_locked(route.dst, rtax::mtu); }

std::uint32_t ipv4_mtu(const dst_entry& dst, std::uint64_t now_jiffies) {
    return dst_mtu(rtable_of(dst), now_jiffies, true);
}

std::uint32_t ip_dst_mtu_forward(const dst_entry& dst, std::uint64_t now_jiffies, bool use_pmtu) {
    return dst_mtu(rtable_of(dst), now_jiffies, use_pmtu || ip_mtu_locked(rtable_of(dst)));
}

rtable& rt_dst_alloc(receive_context& context, ipv4_routing& routing, net_device& dev, std::uint32_t flags,
                     route_type type) {
    kernel_call here{context.trace, fn::rt_dst_alloc};
    auto& route = dst_alloc(context, routing, dev);
    route.rt_genid = routing.rt_genid();
    route.rt_flags = flags;
    route.rt_type = static_cast<std::uint16_t>(type);
    route.dst.output = dst_output::ip_output;
    if ((flags & rtcf_local) != 0) {
        here.took(path::rt_dst_alloc::local);
        route.dst.input = dst_input::ip_local_deliver;
    }
    return route;
}

void rt_cache_route(receive_context& context, fib_nh_common& nexthop, rtable& route) {
    kernel_call here{context.trace, fn::rt_cache_route};
    const bool input = rt_is_input_route(route);
    if (!input) here.took(path::rt_cache_route::output);
    auto*& cached = input ? nexthop.nhc_rth_input : nexthop.nhc_rth_output;
    auto* const replaced = cached;
    dst_hold(route.dst);
    cached = &route;
    if (!replaced) return;
    here.took(path::rt_cache_route::replaced);
    rt_add_uncached_list(context, *replaced);
    dst_release(context, &replaced->dst);
}

void rt_set_nexthop(receive_context& context, const ipv4_routing& routing, rtable& route, ipv4_address daddr,
                    const fib_result& result, fib_nh_exception* exception) {
    namespace step = path::rt_set_nexthop;
    kernel_call here{context.trace, fn::rt_set_nexthop};
    auto& nexthop = *result.nhc;
    if (nexthop.nhc_gw_family != af_unspec && nexthop.nhc_scope == route_scope::link) {
        here.took(step::gateway);
        route.rt_uses_gateway = 1;
        route.rt_gw_family = nexthop.nhc_gw_family;
        route.rt_gw4 = nexthop.nhc_gw;
    }
    if (result.fi->fib_metrics) {
        here.took(step::metrics);
        ip_dst_init_metrics(route.dst, *result.fi->fib_metrics);
    }
    if (exception)
        rt_bind_exception(context, here, routing, route, *exception, daddr);
    else
        rt_cache_route(context, nexthop, route);
}

bool rt_cache_valid(receive_context& context, const rtable* route) {
    return route && route->dst.obsolete == dst_obsolete::force_chk && !rt_is_expired(context, *route);
}

bool rt_is_expired(receive_context& context, const rtable& route) {
    context.trace.leaf(fn::__rcu_read_lock);
    const auto now = dst_slab::owner_of(route.dst).rt_genid();
    context.trace.leaf(fn::__rcu_read_unlock);
    return route.rt_genid != now;
}

std::string why_obsolete(const dst_entry& dst) {
    if (dst.obsolete != dst_obsolete::force_chk)
        return fmt::format("the dst is marked obsolete ({}), only one that is to be checked (-1) can hold",
                           static_cast<int>(dst.obsolete));
    return fmt::format("the dst is of generation (rt_genid) {}, the namespace of {}", rtable_of(dst).rt_genid,
                       dst_slab::owner_of(dst).rt_genid());
}

dst_entry* ipv4_dst_check(receive_context& context, dst_entry& dst, std::uint32_t /*cookie*/) {
    namespace step = path::ipv4_dst_check;
    kernel_call here{context.trace, fn::ipv4_dst_check};
    if (dst.obsolete != dst_obsolete::force_chk) {
        here.took(step::not_force_chk);
        context.trace.reason([&] { return "refused: " + why_obsolete(dst); });
        return nullptr;
    }
    here.took(step::generation_compared);
    const bool expired = rt_is_expired(context, rtable_of(dst));
    context.trace.reason([&] {
        return expired ? "refused: " + why_obsolete(dst)
                       : fmt::format("valid: the dst and the namespace are of generation (rt_genid) {}",
                                     rtable_of(dst).rt_genid);
    });
    if (!expired) return &dst;
    here.took(step::expired);
    return nullptr;
}

void ip_handle_martian_source(receive_context& context, ipv4_routing& routing, const net_device& dev) {
    namespace step = path::ip_handle_martian_source;
    kernel_call here{context.trace, fn::ip_handle_martian_source};
    const int all = routing.devconf_all().log_martians;
    if (all == 0) here.took(step::device_checked);
    if (!in_dev_orconf(all, dev.ip.cnf.log_martians)) return;
    context.trace.leaf(fn::net_ratelimit);
    if (!routing.net_ratelimit().allows(jiffies(context.now))) return here.took(step::not_logged);
    here.took(step::logged);
    context.trace.leaf(fn::_printk);
}

}  // namespace rxpath
