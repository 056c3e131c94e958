// Policy rules (struct fib_rule, struct fib4_rule; net/core/fib_rules.c, net/ipv4/fib_rules.c): what a rule says, and
// the rules of a namespace in the order they are tried.
//
// Left out: UID ranges, tunnel ids, l3mdev rules, realms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/base/net_device.h"
#include "models/routing/fib_info.h"

namespace rxpath {

// FR_ACT_*
enum class fib_rule_action : std::uint8_t {
    unspec,
    to_table,
    jump,  // FR_ACT_GOTO
    nop,
    blackhole = 6,
    unreachable,
    prohibit
};

// struct fib_rule_port_range: from first to last, both in; 0: no range.
struct port_range {
    std::uint16_t first = 0, last = 0;
    bool is_set() const { return first != 0 && last != 0; }
};

struct fib_rule {
    std::uint32_t place = 0;  // how many rules there had been before
    std::uint32_t pref = 0;   // rules are tried in ascending order
    fib_rule_action action = fib_rule_action::unspec;
    std::uint32_t table = rt_table_unspec;
    std::uint32_t target = 0;  // goto: the pref to go on with
    route_protocol proto = route_protocol::unspec;
    bool invert = false;           // FIB_RULE_INVERT: what does not match, matches
    std::string iifname, oifname;  // empty: any
    int iifindex = 0;              // 0: any; -1: there is no such device
    int oifindex = 0;
    std::uint32_t mark = 0, mark_mask = 0;
    ipv4_prefix src, dst;
    std::uint8_t dscp = 0;      // 0: any
    bool dscp_full = false;     // all six bits of DSCP are compared, else those that TOS has
    std::uint8_t ip_proto = 0;  // 0: any
    port_range sport, dport;
    int suppress_prefixlen = -1;  // routes no longer than this do not count; -1: all count
    int suppress_ifgroup = -1;    // routes through a device of this group do not count
};

// The rules of a namespace (struct fib_rules_ops).
class fib_rule_list {
public:
    fib_rule_list();  // local, main and default

    const std::vector<fib_rule>& all() const { return m_rules; }
    // Must a packet's ports be known before a lookup? (fib_rules_require_fldissect)
    bool require_fldissect() const;
    // The pref of a rule that is added without: before all that have one (fib_default_rule_pref()).
    std::uint32_t default_pref() const;
    // Is there one that a new rule with these attributes would repeat? (rule_exists())
    bool exists(const fib_rule& made) const;
    void insert(fib_rule made);
    // Removes the first rule that has what `wanted` gives (rule_find()); false when there is none.
    bool remove(const fib_rule& wanted, std::optional<std::uint32_t> pref);
    // `ip rule flush`: removes all but those with pref 0; answers how many.
    std::size_t flush();
    // A device appeared: rules that name it match it from now on.
    void attach(const net_device& dev);

private:
    std::vector<fib_rule> m_rules;
    std::uint32_t m_next_place = 0;
};

}  // namespace rxpath
