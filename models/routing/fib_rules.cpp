#include "models/routing/fib_rules.h"

#include <algorithm>
#include <cerrno>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/routing.h"
#include "models/base/memory_objects.h"
#include "models/routing/fib_frontend.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

namespace step = path::fib_rules_lookup;

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

bool dscp_matches(kernel_call& here, const fib_rule& rule, const flowi4& flow) {
    namespace step = path::fib4_rule_match;
    if (rule.dscp_full) {
        here.took(step::dscp_full_compared);
        return rule.dscp == (flow.flowi4_tos & inet_dscp_mask);
    }
    here.took(step::dscp_check);
    if (rule.dscp == 0) return true;
    here.took(step::dscp_compared);
    return rule.dscp == (flow.flowi4_tos & 0x1c);
}

bool protocol_and_ports_match(kernel_call& here, const fib_rule& rule, const flowi4& flow) {
    namespace step = path::fib4_rule_match;
    here.took(step::protocol_check);
    if (rule.ip_proto != 0) {
        here.took(step::protocol_compared);
        if (rule.ip_proto != flow.flowi4_proto) return false;
    }
    here.took(step::sport_check);
    if (rule.sport.is_set()) {
        here.took(step::sport_compared);
        if (flow.fl4_sport >= rule.sport.first) here.took(step::sport_end_compared);
        if (flow.fl4_sport < rule.sport.first || flow.fl4_sport > rule.sport.last) {
            here.took(step::sport_mismatch);
            return false;
        }
    }
    here.took(step::dport_check);
    if (!rule.dport.is_set()) return true;
    here.took(step::dport_compared);
    return flow.fl4_dport >= rule.dport.first && flow.fl4_dport <= rule.dport.last;
}

// A rule's prefix may have bits beyond its length: they do not count.
bool in_prefix(const ipv4_prefix& prefix, ipv4_address address) {
    return ((prefix.address.value ^ address.value) & prefix.mask()) == 0;
}

bool fib4_rule_match(receive_context& context, const fib_rule& rule, const flowi4& flow) {
    kernel_call here{context.trace, fn::fib4_rule_match};
    if (!in_prefix(rule.src, flow.saddr)) return false;
    here.took(path::fib4_rule_match::destination_check);
    if (!in_prefix(rule.dst, flow.daddr)) return false;
    return dscp_matches(here, rule, flow) && protocol_and_ports_match(here, rule, flow);
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

// Is what the lookup found not to count? (fib4_rule_suppress())
bool fib4_rule_suppress(receive_context& context, const fib_rule& rule, const fib_result& result) {
    namespace step = path::fib4_rule_suppress;
    kernel_call here{context.trace, fn::fib4_rule_suppress};
    if (result.prefix.length <= rule.suppress_prefixlen) {
        here.took(step::prefix_too_short);
        return true;
    }
    const auto* dev = result.fi->fib_nh[0].nhc_dev;
    if (rule.suppress_ifgroup == -1 || !dev) return false;
    here.took(step::group_compared);
    if (dev->group != rule.suppress_ifgroup) return false;
    here.took(step::group_suppressed);
    return true;
}

// What all families' rules share, then IPv4's own selectors (fib_rule_match()).
bool selectors_match(receive_context& context, kernel_call& here, const fib_rule& rule, const flowi4& flow) {
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

// One run of fib_rules_lookup().
class rules_lookup {
public:
    rules_lookup(receive_context& context, ipv4_routing& routing, const flowi4& flow, fib_result& result,
                 unsigned flags)
        : m_context(context),
          m_routing(routing),
          m_flow(flow),
          m_result(result),
          m_flags(flags),
          m_here(context.trace, fn::fib_rules_lookup) {}

    int run() {
        m_context.trace.leaf(fn::__rcu_read_lock);
        const int error = first_answer();
        m_context.trace.leaf(fn::__rcu_read_unlock);
        return error;
    }

private:
    int first_answer() {
        const auto& rules = m_routing.rules().all();
        for (auto rule = rules.begin(); rule != rules.end();) {
            m_context.trace.works_on_number(memory_object::fib_rule, rule->place);
            if (selectors_match(m_context, m_here, *rule, m_flow) != rule->invert) {
                if (rule->action == fib_rule_action::jump) {
                    rule = jump(rules, rule);
                    continue;
                }
                if (const auto answer = act(*rule)) return *answer;
            }
            m_here.took(step::next_rule);
            ++rule;
        }
        m_here.took(step::none_left);
        return -ESRCH;
    }

    using position = std::vector<fib_rule>::const_iterator;
    // On to the first rule with the wanted pref; to the next one when there is none.
    position jump(const std::vector<fib_rule>& rules, position from) {
        m_here.took(step::goto_read);
        const auto target =
            std::find_if(from, rules.end(), [&](const fib_rule& rule) { return rule.pref == from->target; });
        m_here.took(target != rules.end() ? step::goto_taken : step::next_rule);
        return target != rules.end() ? target : from + 1;
    }

    // Nothing: the rule leaves the answer to those after it.
    std::optional<int> act(const fib_rule& rule) {
        if (rule.action == fib_rule_action::nop) {
            m_here.took(step::nop);
            return std::nullopt;
        }
        m_here.took(step::action);
        const int error = fib4_rule_action(m_context, m_routing, rule, m_flow, m_result, m_flags);
        if (error == -EAGAIN) {
            m_here.took(step::not_answered);
            return std::nullopt;
        }
        if (error != 0) {
            m_here.took(step::refused);
        } else {
            m_here.took(step::suppress_check);
            if (fib4_rule_suppress(m_context, rule, m_result)) return std::nullopt;
        }
        m_here.took(step::answered);
        return error;
    }

    receive_context& m_context;
    ipv4_routing& m_routing;
    const flowi4& m_flow;
    fib_result& m_result;
    unsigned m_flags;
    kernel_call m_here;
};

}  // namespace

int __fib_lookup(receive_context& context, ipv4_routing& routing, flowi4& flow, fib_result& result, unsigned flags) {
    kernel_call here{context.trace, fn::__fib_lookup};
    l3mdev_update_flow(context, flow);
    const int error = rules_lookup{context, routing, flow, result, flags}.run();
    here.took(error == -ESRCH ? path::__fib_lookup::unreachable : path::__fib_lookup::rule_found);
    return error == -ESRCH ? -ENETUNREACH : error;
}

std::optional<flow_keys> fib4_rules_early_flow_dissect(receive_context& context, const ipv4_routing& routing,
                                                       const sk_buff& skb, flowi4& flow) {
    if (!routing.rules().require_fldissect()) return std::nullopt;
    context.trace.leaf(fn::__skb_flow_dissect);
    const auto keys = skb_flow_dissect_flow_keys(skb, dissect_depth::outer);
    flow.flowi4_proto = keys.ip_proto;
    flow.fl4_sport = keys.sport.value;
    flow.fl4_dport = keys.dport.value;
    return keys;
}

}  // namespace rxpath
