#include "models/routing/fib_rule.h"

#include <algorithm>

namespace rxpath {

namespace {

bool operator==(const port_range& a, const port_range& b) { return a.first == b.first && a.last == b.last; }

// fib4_rule_compare(): only the selectors that `wanted` gives are compared.
bool has_selectors(const fib_rule& rule, const fib_rule& wanted) {
    const auto same = [](const ipv4_prefix& have, const ipv4_prefix& asked) {
        return asked.length == 0 || (have.length == asked.length && have.address == asked.address);
    };
    if (!same(rule.src, wanted.src) || !same(rule.dst, wanted.dst)) return false;
    const bool asks_dscp = wanted.dscp_full || wanted.dscp != 0;
    return !asks_dscp || (rule.dscp_full == wanted.dscp_full && rule.dscp == wanted.dscp);
}

bool repeats(const fib_rule& rule, const fib_rule& made) {
    return rule.action == made.action && rule.table == made.table && rule.pref == made.pref &&
           rule.iifname == made.iifname && rule.oifname == made.oifname && rule.mark == made.mark &&
           rule.mark_mask == made.mark_mask && rule.suppress_ifgroup == made.suppress_ifgroup &&
           rule.suppress_prefixlen == made.suppress_prefixlen && rule.ip_proto == made.ip_proto &&
           rule.proto == made.proto && rule.sport == made.sport && rule.dport == made.dport &&
           has_selectors(rule, made);
}

// Does the rule have the value, when one is asked for?
template <class Value>
bool agrees(const Value& have, const Value& asked, const Value& not_asked) {
    return asked == not_asked || have == asked;
}

bool is_meant(const fib_rule& rule, const fib_rule& wanted) {
    return agrees(rule.action, wanted.action, fib_rule_action::unspec) &&
           agrees(rule.table, wanted.table, rt_table_unspec) && agrees(rule.iifname, wanted.iifname, {}) &&
           agrees(rule.oifname, wanted.oifname, {}) && agrees(rule.mark, wanted.mark, 0u) &&
           agrees(rule.mark_mask, wanted.mark_mask, 0u) && agrees(rule.suppress_ifgroup, wanted.suppress_ifgroup, -1) &&
           agrees(rule.suppress_prefixlen, wanted.suppress_prefixlen, -1) &&
           agrees(rule.ip_proto, wanted.ip_proto, std::uint8_t{0}) &&
           agrees(rule.proto, wanted.proto, route_protocol::unspec) &&
           (!wanted.sport.is_set() || rule.sport == wanted.sport) &&
           (!wanted.dport.is_set() || rule.dport == wanted.dport) && has_selectors(rule, wanted);
}

fib_rule default_rule(std::uint32_t pref, std::uint32_t table) {
    fib_rule rule;
    rule.pref = pref;
    rule.action = fib_rule_action::to_table;
    rule.table = table;
    rule.proto = route_protocol::kernel;
    return rule;
}

}  // namespace

fib_rule_list::fib_rule_list()
    : m_rules{default_rule(0, rt_table_local), default_rule(0x7ffe, rt_table_main),
              default_rule(0x7fff, rt_table_default)} {
    for (auto& rule : m_rules) rule.place = m_next_place++;
}

bool fib_rule_list::require_fldissect() const {
    return std::any_of(m_rules.begin(), m_rules.end(), [](const fib_rule& rule) {
        return rule.iifindex != loopback_ifindex && (rule.ip_proto != 0 || rule.sport.is_set() || rule.dport.is_set());
    });
}

std::uint32_t fib_rule_list::default_pref() const {
    return m_rules.size() > 1 && m_rules[1].pref > 0 ? m_rules[1].pref - 1 : 0;
}

bool fib_rule_list::exists(const fib_rule& made) const {
    return std::any_of(m_rules.begin(), m_rules.end(), [&](const fib_rule& rule) { return repeats(rule, made); });
}

void fib_rule_list::insert(fib_rule made) {
    const auto after = [](const fib_rule& a, const fib_rule& b) { return a.pref < b.pref; };
    const auto place = std::upper_bound(m_rules.begin(), m_rules.end(), made, after);
    made.place = m_next_place++;
    m_rules.insert(place, std::move(made));
}

bool fib_rule_list::remove(const fib_rule& wanted, std::optional<std::uint32_t> pref) {
    const auto found = std::find_if(m_rules.begin(), m_rules.end(), [&](const fib_rule& rule) {
        return (!pref || rule.pref == *pref) && is_meant(rule, wanted);
    });
    if (found == m_rules.end()) return false;
    m_rules.erase(found);
    return true;
}

std::size_t fib_rule_list::flush() {
    const auto before = m_rules.size();
    m_rules.erase(std::remove_if(m_rules.begin(), m_rules.end(), [](const fib_rule& rule) { return rule.pref != 0; }),
                  m_rules.end());
    return before - m_rules.size();
}

void fib_rule_list::attach(const net_device& dev) {
    for (auto& rule : m_rules) {
        if (rule.iifname == dev.name) rule.iifindex = dev.ifindex;
        if (rule.oifname == dev.name) rule.oifindex = dev.ifindex;
    }
}

}  // namespace rxpath
