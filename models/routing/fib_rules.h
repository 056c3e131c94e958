// Looking up through the policy rules, and not in the tables themselves, once there is a rule of one's own
// (net/core/fib_rules.c, net/ipv4/fib_rules.c).
#pragma once

#include "models/routing/fib_rule.h"
#include "models/routing/fib_table.h"
#include "models/routing/flow_dissector.h"

namespace rxpath {

class ipv4_routing;

// A lookup through the rules: 0 and `result`, or a negative errno.
int __fib_lookup(receive_context& context, ipv4_routing& routing, flowi4& flow, fib_result& result, unsigned flags);

// Rules that ask for ports need the packet dissected before the lookup: the flow gets protocol and ports from it.
// Nothing when no rule asks (fib4_rules_early_flow_dissect()).
std::optional<flow_keys> fib4_rules_early_flow_dissect(receive_context& context, const ipv4_routing& routing,
                                                       const sk_buff& skb, flowi4& flow);

}  // namespace rxpath
