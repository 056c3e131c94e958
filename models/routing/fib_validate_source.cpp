// The full source check: which route leads back to the sender, and does it use the device the packet came in through?
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "models/routing/fib_lookup.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {

namespace {

namespace step = path::__fib_validate_source;
using lookup_steps = fib_lookup_steps<step::step>;

constexpr lookup_steps first_steps{step::tables_looked_up,  step::main_looked_up, step::default_checked,
                                   step::default_looked_up, step::table_answered, step::no_table_answered,
                                   step::rules_looked_up};
constexpr lookup_steps second_steps{step::second_tables_looked_up, step::second_main_looked_up,
                                    step::second_default_checked,  step::second_default_looked_up,
                                    step::second_table_answered,   step::second_no_table_answered,
                                    step::second_rules_looked_up};

bool fib_info_nh_uses_dev(receive_context& context, const fib_info& info, const net_device& dev) {
    namespace step = path::fib_info_nh_uses_dev;
    kernel_call here{context.trace, fn::fib_info_nh_uses_dev};
    for (const auto& nexthop : info.fib_nh) {
        here.took(step::nexthop_compared);
        if (nexthop.nhc_dev == &dev) {
            here.took(step::matched);
            return true;
        }
        here.took(step::other_device);
        context.trace.leaf(fn::l3mdev_master_ifindex_rcu);
    }
    here.took(step::none_matched);
    return false;
}

bool uses_mark(kernel_call& here, const ipv4_devconf& all, const ipv4_devconf& device) {
    bool uses = all.src_valid_mark != 0;
    if (!uses) {
        here.took(step::src_valid_mark_device);
        uses = device.src_valid_mark != 0;
    }
    if (uses) here.took(step::src_valid_mark);
    return uses;
}

// Only a unicast route leads to a sender; a local one when the device accepts packets from this host.
bool acceptable_type(kernel_call& here, route_type type, const ipv4_devconf& all, const ipv4_devconf& device) {
    here.took(step::unicast_check);
    if (type == route_type::unicast) return true;
    here.took(step::local_check);
    if (type != route_type::local) return false;
    here.took(step::accept_local_all);
    if (all.accept_local != 0) return true;
    here.took(step::accept_local_device);
    return device.accept_local != 0;
}

bool loopback_of_local_route(kernel_call& here, const fib_result& result, const net_device& dev) {
    here.took(step::local_type_check);
    if (result.type != route_type::local) return false;
    here.took(step::loopback_check);
    return dev.loopback;
}

// Without a usable route back: strict and loose filters refuse, no filter accepts.
int last_resort(kernel_call& here, int rpf) {
    here.took(step::last_resort);
    if (rpf != 0) {
        here.took(step::rp_filter_refused);
        return -EXDEV;
    }
    here.took(step::tag_cleared);
    here.took(step::accepted);
    return 0;
}

int direct_neighbour(kernel_call& here, const fib_result& result) {
    here.took(step::host_scope);
    return result.nhc->nhc_scope >= route_scope::host ? 1 : 0;
}

// The way back leaves through another device: the strict filter refuses, else the device asked for is looked up.
int other_device(receive_context& context, ipv4_routing& routing, kernel_call& here, const net_device& dev, int rpf,
                 flowi4 flow, fib_result result) {
    here.took(step::no_address_check);
    if (dev.ip.ifa_list.empty()) return last_resort(here, rpf);
    here.took(step::rp_filter_check);
    if (rpf == 1) {
        here.took(step::rp_filter_refused);
        return -EXDEV;
    }
    here.took(step::second_lookup);
    flow.flowi4_oif = dev.ifindex;
    if (fib_lookup(context, routing, here, second_steps, flow, result, fib_lookup_ignore_linkstate) == 0) {
        here.took(step::second_unicast_check);
        if (result.type == route_type::unicast) return direct_neighbour(here, result);
    }
    here.took(step::accepted);
    return 0;
}

}  // namespace

int __fib_validate_source(receive_context& context, ipv4_routing& routing, const source_question& question,
                          net_device& dev, int rpf) {
    kernel_call here{context.trace, fn::__fib_validate_source};
    context.trace.leaf(fn::l3mdev_master_ifindex_rcu);
    record_make_kuid(context);
    const auto& all = routing.devconf_all();
    flowi4 flow;
    flow.flowi4_iif = question.oif != 0 ? question.oif : loopback_ifindex;
    flow.daddr = question.src;
    flow.saddr = question.dst;
    flow.flowi4_tos = question.tos;
    if (uses_mark(here, all, dev.ip.cnf)) flow.flowi4_mark = question.mark;
    if (question.skb && fib4_rules_early_flow_dissect(context, routing, *question.skb, flow)) {
        here.took(step::flow_dissected);
        std::swap(flow.fl4_sport, flow.fl4_dport);  // the way back
    }

    fib_result result;
    if (fib_lookup(context, routing, here, first_steps, flow, result, 0) != 0) return last_resort(here, rpf);
    context.trace.reason([&] {
        return fmt::format("the way back to {} is {}, by {}; the packet came by {}, rp_filter is {}",
                           question.src.to_string(), result.prefix.to_string(), result.nhc->nhc_dev->name, dev.name,
                           rpf);
    });
    if (!acceptable_type(here, result.type, all, dev.ip.cnf)) {
        here.took(step::refused);
        return -EINVAL;
    }
    here.took(step::nexthop_check);
    if (fib_info_nh_uses_dev(context, *result.fi, dev) || loopback_of_local_route(here, result, dev))
        return direct_neighbour(here, result);
    return other_device(context, routing, here, dev, rpf, flow, result);
}

}  // namespace rxpath
