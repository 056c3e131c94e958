// Policy rules: which table answers for which packet (net/core/fib_rules.c, net/ipv4/fib_rules.c).
//
// Left out: goto and nop rules, inverted rules, UID ranges, ports and protocols, tunnels, suppression.
#pragma once

#include <cstdint>
#include <vector>

#include "models/routing/fib_table.h"

namespace rxpath {

class ipv4_routing;

// FR_ACT_*
enum class fib_rule_action : std::uint8_t { to_table, blackhole, unreachable, prohibit };

struct fib_rule {
    std::uint32_t pref = 0;  // rules are tried in ascending order
    fib_rule_action action = fib_rule_action::to_table;
    std::uint32_t table = rt_table_unspec;
    int iifindex = 0;  // 0: any
    int oifindex = 0;
    std::uint32_t mark = 0, mark_mask = 0;
    ipv4_prefix src, dst;
    std::uint8_t dscp = 0;  // TOS; 0: any
};

// The rules every namespace begins with: local, main and default.
std::vector<fib_rule> fib_default_rules();
bool operator==(const fib_rule& a, const fib_rule& b);

// A lookup through the rules: 0 and `result`, or a negative errno.
int __fib_lookup(receive_context& context, ipv4_routing& routing, flowi4& flow, fib_result& result, unsigned flags);

}  // namespace rxpath
