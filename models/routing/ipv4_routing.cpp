#include "models/routing/ipv4_routing.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace rxpath {

ipv4_routing::ipv4_routing(device_list& devices, sysctl_ipv4& sysctls) : m_devices(devices), m_sysctls(sysctls) {
    m_loopback = devices.by_name("lo");
    if (!m_loopback) m_loopback = &devices.add("lo");
    m_loopback->loopback = true;
    m_loopback->mtu = 65536;
}

void ipv4_routing::device_registered(net_device& dev) { dev.ip.cnf = m_sysctls.devconf_default; }

fib_table* ipv4_routing::find_table(std::uint32_t id) const {
    for (const auto& table : table_bucket(id))
        if (table->tb_id == id) return table.get();
    return nullptr;
}

// The local table is made as a second name of main's trie, unless there are rules (fib_new_table()).
fib_table& ipv4_routing::new_table(std::uint32_t id) {
    if (auto* table = find_table(id)) return *table;
    auto trie =
        id == rt_table_local && !m_has_custom_rules ? new_table(rt_table_main).trie : std::make_shared<fib_trie>();
    auto& chain = m_tables[id & 255];
    chain.insert(chain.begin(), std::make_unique<fib_table>(fib_table{id, &m_sysctls.devconf_all, std::move(trie)}));
    auto& table = *chain.front();
    if (id == rt_table_main) m_fib_main = &table;
    if (id == rt_table_default) m_fib_default = &table;
    return table;
}

void ipv4_routing::unmerge() {
    auto* local = find_table(rt_table_local);
    if (local && m_fib_main) fib_trie_unmerge(*local, *m_fib_main);
}

void ipv4_routing::flush() {
    int flushed = 0;
    for (auto& chain : m_tables)
        for (auto& table : chain) flushed += fib_table_flush(*table);
    if (flushed > 0) rt_cache_flush();
}

configuration_error ipv4_routing::rule_add(fib_rule rule, std::optional<std::uint32_t> pref) {
    const auto before_second = m_rules.size() > 1 && m_rules[1].pref > 0 ? m_rules[1].pref - 1 : 0;
    rule.pref = pref.value_or(before_second);
    if (std::find(m_rules.begin(), m_rules.end(), rule) != m_rules.end()) return "the rule exists already";
    unmerge();
    m_has_custom_rules = true;
    const auto after = [](const fib_rule& a, const fib_rule& b) { return a.pref < b.pref; };
    m_rules.insert(std::upper_bound(m_rules.begin(), m_rules.end(), rule, after), rule);
    rt_cache_flush();
    return std::nullopt;
}

configuration_error ipv4_routing::rule_del(fib_rule rule, std::optional<std::uint32_t> pref) {
    const auto found = std::find_if(m_rules.begin(), m_rules.end(), [&](const fib_rule& candidate) {
        rule.pref = pref.value_or(candidate.pref);
        return candidate == rule;
    });
    if (found == m_rules.end()) return "there is no such rule";
    unmerge();
    m_has_custom_rules = true;
    m_rules.erase(found);
    rt_cache_flush();
    return std::nullopt;
}

}  // namespace rxpath
