#include "models/routing/ipv4_routing.h"

#include <utility>

#include <fmt/format.h>

namespace rxpath {

ipv4_routing::ipv4_routing(device_list& devices, sysctl_ipv4& sysctls) : m_devices(devices), m_sysctls(sysctls) {
    m_loopback = devices.by_name("lo");
    if (!m_loopback) m_loopback = &devices.add("lo");
    m_loopback->loopback = true;
    m_loopback->mtu = 65536;
}

fib_table* ipv4_routing::find_table(std::uint32_t id) const {
    for (const auto& table : table_bucket(id))
        if (table->tb_id == id) return table.get();
    return nullptr;
}

std::vector<std::uint32_t> ipv4_routing::table_ids() const {
    std::vector<std::uint32_t> ids;
    for (const auto& chain : m_tables)
        for (const auto& table : chain) ids.push_back(table->tb_id);
    return ids;
}

// The local table is made as a second name of main's trie, unless there are rules (fib_new_table()).
fib_table& ipv4_routing::new_table(std::uint32_t id) {
    if (auto* table = find_table(id)) return *table;
    const bool shares = id == rt_table_local && !m_has_custom_rules && m_features.local_and_main_merged;
    auto trie = shares ? new_table(rt_table_main).trie : std::make_shared<fib_trie>();
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

// From the first change on, lookups go through the rules, and the local table has a trie of its own.
void ipv4_routing::rules_changed() {
    unmerge();
    m_has_custom_rules = true;
    rt_cache_flush();
}

configuration_error ipv4_routing::rule_add(fib_rule rule, std::optional<std::uint32_t> pref) {
    rule.pref = pref.value_or(m_rules.default_pref());
    if (rule.action == fib_rule_action::jump && rule.target <= rule.pref)
        return fmt::format("goto {} from rule {}: only forward is allowed", rule.target, rule.pref);
    if (m_rules.exists(rule)) return "the rule exists already";
    m_rules.insert(std::move(rule));
    rules_changed();
    return std::nullopt;
}

configuration_error ipv4_routing::rule_del(const fib_rule& wanted, std::optional<std::uint32_t> pref) {
    if (!m_rules.remove(wanted, pref)) return "there is no such rule";
    rules_changed();
    return std::nullopt;
}

void ipv4_routing::rule_flush() {
    if (m_rules.flush() > 0) rules_changed();
}

}  // namespace rxpath
