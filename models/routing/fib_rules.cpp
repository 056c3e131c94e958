#include "models/routing/fib_rules.h"

#include <cerrno>

#include "models/routing/fib_frontend.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

constexpr int loopback_ifindex = 1;

// The flow's L3 master device, of which there is none here: what remains is looking the devices up.
void l3mdev_update_flow(receive_context& context, const flowi4& flow) {
    namespace step = path::l3mdev_update_flow;
    kernel_call here{context.trace, fn::l3mdev_update_flow};
    context.trace.leaf(fn::__rcu_read_lock);
    if (flow.flowi4_oif != 0) {
        here.took(step::oif_looked_up);
        context.trace.leaf(fn::dev_get_by_index_rcu);
    } else {
        here.took(step::iif_check);
        if (flow.flowi4_iif > loopback_ifindex) {
            here.took(step::iif_above_loopback);
            here.took(step::iif_looked_up);
            context.trace.leaf(fn::dev_get_by_index_rcu);
        }
    }
    context.trace.leaf(fn::__rcu_read_unlock);
}

bool fib4_rule_match(receive_context& context, const fib_rule& rule, const flowi4& flow) {
    namespace step = path::fib4_rule_match;
    kernel_call here{context.trace, fn::fib4_rule_match};
    if (!rule.src.contains(flow.saddr)) return false;
    here.took(step::destination_check);
    if (!rule.dst.contains(flow.daddr)) return false;
    here.took(step::dscp_check);
    if (rule.dscp != 0) {
        here.took(step::dscp_compared);
        if (rule.dscp != (flow.flowi4_tos & 0x1c)) return false;
    }
    here.took(step::protocol_and_ports);
    return true;
}

int fib4_rule_action(receive_context& context, ipv4_routing& routing, const fib_rule& rule, const flowi4& flow,
                     fib_result& result, unsigned flags) {
    namespace step = path::fib4_rule_action;
    kernel_call here{context.trace, fn::fib4_rule_action};
    const auto refuse = [&](int error) {
        here.took(step::refused);
        return error;
    };
    if (rule.action == fib_rule_action::unreachable) return refuse(-ENETUNREACH);
    here.took(step::not_unreachable);
    if (rule.action == fib_rule_action::prohibit) return refuse(-EACCES);
    here.took(step::not_prohibit);
    if (rule.action == fib_rule_action::blackhole) return refuse(-EINVAL);
    here.took(step::table);
    context.trace.leaf(fn::__rcu_read_lock);
    int error = -EAGAIN;
    if (const auto* table = fib_get_table(context, routing, rule.table)) {
        here.took(step::table_found);
        error = fib_table_lookup(context, *table, flow, result, flags);
    }
    context.trace.leaf(fn::__rcu_read_unlock);
    return error;
}

// Does the rule apply? First what all families share, then IPv4's own selectors (fib_rule_match()).
bool rule_applies(receive_context& context, kernel_call& here, const fib_rule& rule, const flowi4& flow) {
    namespace step = path::fib_rules_lookup;
    const auto refuse = [&] {
        here.took(step::selector_mismatch);
        return false;
    };
    here.took(step::rule);
    if (rule.iifindex != 0) {
        here.took(step::iif_compared);
        if (rule.iifindex != flow.flowi4_iif) return refuse();
    }
    here.took(step::oif_check);
    if (rule.oifindex != 0) {
        here.took(step::oif_compared);
        if (rule.oifindex != flow.flowi4_oif) return refuse();
    }
    here.took(step::mark_check);
    if (((rule.mark ^ flow.flowi4_mark) & rule.mark_mask) != 0) return refuse();
    here.took(step::selectors_matched);
    return fib4_rule_match(context, rule, flow);
}

int fib_rules_lookup(receive_context& context, ipv4_routing& routing, const flowi4& flow, fib_result& result,
                     unsigned flags) {
    namespace step = path::fib_rules_lookup;
    kernel_call here{context.trace, fn::fib_rules_lookup};
    context.trace.leaf(fn::__rcu_read_lock);
    int error = -ESRCH;
    for (const auto& rule : routing.rules()) {
        if (rule_applies(context, here, rule, flow)) {
            here.took(step::action);
            const int answer = fib4_rule_action(context, routing, rule, flow, result, flags);
            if (answer != -EAGAIN) {
                if (answer == 0) {
                    here.took(step::suppress_check);
                    context.trace.leaf(fn::fib4_rule_suppress);
                } else {
                    here.took(step::refused);
                }
                here.took(step::answered);
                error = answer;
                break;
            }
            here.took(step::not_answered);
        }
        here.took(step::next_rule);
    }
    if (error == -ESRCH) here.took(step::none_left);
    context.trace.leaf(fn::__rcu_read_unlock);
    return error;
}

}  // namespace

std::vector<fib_rule> fib_default_rules() {
    std::vector<fib_rule> rules(3);
    rules[0].table = rt_table_local;
    rules[1].pref = 0x7ffe;
    rules[1].table = rt_table_main;
    rules[2].pref = 0x7fff;
    rules[2].table = rt_table_default;
    return rules;
}

bool operator==(const fib_rule& a, const fib_rule& b) {
    const auto same_prefix = [](const ipv4_prefix& x, const ipv4_prefix& y) {
        return x.address == y.address && x.length == y.length;
    };
    return a.pref == b.pref && a.action == b.action && a.table == b.table && a.iifindex == b.iifindex &&
           a.oifindex == b.oifindex && a.mark == b.mark && a.mark_mask == b.mark_mask && same_prefix(a.src, b.src) &&
           same_prefix(a.dst, b.dst) && a.dscp == b.dscp;
}

int __fib_lookup(receive_context& context, ipv4_routing& routing, flowi4& flow, fib_result& result, unsigned flags) {
    kernel_call here{context.trace, fn::__fib_lookup};
    l3mdev_update_flow(context, flow);
    const int error = fib_rules_lookup(context, routing, flow, result, flags);
    here.took(error == -ESRCH ? path::__fib_lookup::unreachable : path::__fib_lookup::rule_found);
    return error == -ESRCH ? -ENETUNREACH : error;
}

}  // namespace rxpath
