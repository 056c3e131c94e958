#include "models/routing/fib_table.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace rxpath {

namespace {

using aliases = std::vector<fib_alias>;

// The first route of this prefix and table with this TOS and at least this metric, or with a smaller TOS: an equal one,
// or the one that a new route goes before (fib_find_alias()). none when there is no such.
constexpr std::size_t none = fib_trie::by_order;
std::size_t fib_find_alias(const aliases& leaf, std::uint8_t slen, std::uint8_t dscp, std::uint32_t priority,
                           std::uint32_t table) {
    for (std::size_t i = 0; i < leaf.size(); ++i) {
        const auto& alias = leaf[i];
        if (alias.fa_slen < slen) continue;
        if (alias.fa_slen != slen) break;
        if (alias.tb_id > table) continue;
        if (alias.tb_id != table) break;
        if (alias.fa_dscp > dscp) continue;
        if (alias.fa_info->fib_priority >= priority || alias.fa_dscp < dscp) return i;
    }
    return none;
}

bool same_place(const fib_alias& a, const fib_alias& b) {
    return a.fa_slen == b.fa_slen && a.tb_id == b.tb_id && a.fa_dscp == b.fa_dscp &&
           a.fa_info->fib_priority == b.fa_info->fib_priority;
}

// Another way to the same prefix is there, from route number `first` on.
fib_edit insert_beside(fib_trie& trie, aliases& leaf, std::size_t first, std::uint32_t key, fib_alias made,
                       fib_insert_mode mode) {
    if (mode == fib_insert_mode::exclusive) return {-EEXIST};
    auto match = none;
    auto end = first;
    for (; end < leaf.size() && same_place(leaf[end], made) && match == none; ++end)
        if (leaf[end].fa_type == made.fa_type && leaf[end].fa_info == made.fa_info) match = end;
    if (mode == fib_insert_mode::replace) {
        if (match != none) return {match == first ? 0 : -EEXIST};
        const bool was_used = leaf[first].fa_accessed;
        leaf[first] = std::move(made);
        return {0, was_used};
    }
    if (match != none) return {-EEXIST};
    trie.insert_alias(key, std::move(made), end);
    return {0, true};
}

bool means(const fib_config& config, const fib_alias& alias) {
    const auto& info = *alias.fa_info;
    return (config.type == route_type::unspec || config.type == alias.fa_type) &&
           (!config.scope || *config.scope == info.fib_scope) &&
           (config.prefsrc.is_unspecified() || config.prefsrc == info.fib_prefsrc) &&
           (config.protocol == route_protocol::unspec || config.protocol == info.fib_protocol) &&
           fib_nh_match(config, info);
}

}  // namespace

fib_edit fib_table_insert(fib_table& table, const fib_config& config, std::shared_ptr<fib_info> info,
                          fib_insert_mode mode) {
    auto& trie = *table.trie;
    const auto key = config.dst.address.value;
    const auto slen = static_cast<std::uint8_t>(32 - config.dst.length);
    const auto priority = info->fib_priority;
    fib_alias made{std::move(info), slen, config.tos, config.type, table.tb_id, false};
    fib_node* parent = nullptr;
    auto* leaf = trie.find_node(key, parent);
    const auto place = leaf ? fib_find_alias(leaf->leaf, slen, config.tos, priority, table.tb_id) : none;
    if (place != none && same_place(leaf->leaf[place], made))
        return insert_beside(trie, leaf->leaf, place, key, std::move(made), mode);
    trie.insert_alias(key, std::move(made), place);
    return {0, true};
}

fib_edit fib_table_delete(fib_table& table, const fib_config& config) {
    const auto key = config.dst.address.value;
    const auto slen = static_cast<std::uint8_t>(32 - config.dst.length);
    fib_node* parent = nullptr;
    auto* leaf = table.trie->find_node(key, parent);
    auto place = leaf ? fib_find_alias(leaf->leaf, slen, config.tos, 0, table.tb_id) : none;
    if (place == none) return {-ESRCH};
    for (; place < leaf->leaf.size(); ++place) {
        const auto& alias = leaf->leaf[place];
        if (alias.fa_slen != slen || alias.tb_id != table.tb_id || alias.fa_dscp != config.tos) break;
        if (!means(config, alias)) continue;
        const bool was_used = alias.fa_accessed;
        table.trie->remove_alias(key, place);
        return {0, was_used};
    }
    return {-ESRCH};
}

int fib_table_flush(fib_table& table) {
    return table.trie->flush([&](const fib_node&, const fib_alias& alias) {
        return alias.tb_id == table.tb_id && (alias.fa_info->fib_flags & rtnh_f_dead) != 0;
    });
}

void fib_trie_unmerge(fib_table& local, fib_table& main) {
    if (local.trie != main.trie) return;
    auto own = std::make_shared<fib_trie>();
    main.trie->each_leaf([&](const fib_node& leaf) {
        for (const auto& alias : leaf.leaf)
            if (alias.tb_id == local.tb_id) own->insert_alias(leaf.key, alias);
    });
    local.trie = std::move(own);
    main.trie->flush([&](const fib_node&, const fib_alias& alias) { return alias.tb_id != main.tb_id; });
}

}  // namespace rxpath
