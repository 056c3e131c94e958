#include "models/routing/fib_table.h"

#include <cerrno>
#include <iterator>
#include <optional>
#include <utility>

namespace rxpath {

namespace {

// The first route of this prefix and table with this TOS and at least this metric, or with a smaller TOS: an equal one,
// or the one that a new route goes before (fib_find_alias()). Answered as the place before it; none when there is none.
using alias_place = fib_trie::alias_place;
std::optional<alias_place> fib_find_alias(fib_alias_list& aliases, std::uint8_t slen, std::uint8_t dscp,
                                          std::uint32_t priority, std::uint32_t table) {
    auto behind = aliases.before_begin();
    for (auto alias = aliases.begin(); alias != aliases.end(); behind = alias++) {
        if (alias->fa_slen < slen) continue;
        if (alias->fa_slen != slen) break;
        if (alias->tb_id > table) continue;
        if (alias->tb_id != table) break;
        if (alias->fa_dscp > dscp) continue;
        if (alias->fa_info->fib_priority >= priority || alias->fa_dscp < dscp) return behind;
    }
    return std::nullopt;
}

bool same_place(const fib_alias& a, const fib_alias& b) {
    return a.fa_slen == b.fa_slen && a.tb_id == b.tb_id && a.fa_dscp == b.fa_dscp &&
           a.fa_info->fib_priority == b.fa_info->fib_priority;
}

// Another way to the same prefix is there: the route after `behind`, perhaps with others that follow.
fib_edit insert_beside(fib_trie& trie, fib_alias_list& aliases, alias_place behind, std::uint32_t key, fib_alias made,
                       fib_insert_mode mode) {
    if (mode == fib_insert_mode::exclusive) return {-EEXIST};
    const auto first = std::next(behind);
    const auto before_all = behind;
    bool matched = false, first_matched = false;
    for (auto alias = first; alias != aliases.end() && same_place(*alias, made) && !matched; behind = alias++) {
        matched = alias->fa_type == made.fa_type && alias->fa_info == made.fa_info;
        first_matched = matched && alias == first;
    }
    if (mode == fib_insert_mode::replace || mode == fib_insert_mode::change) {
        if (matched) return {first_matched ? 0 : -EEXIST};
        const bool was_used = first->fa_accessed;
        *first = std::move(made);
        return {0, was_used};
    }
    if (matched) return {-EEXIST};
    trie.insert_alias(key, std::move(made), mode == fib_insert_mode::prepend ? before_all : behind);
    return {0, true};
}

bool means(const fib_config& config, const fib_alias& alias) {
    const auto& info = *alias.fa_info;
    return (config.type == route_type::unspec || config.type == alias.fa_type) &&
           (!config.scope || *config.scope == info.fib_scope) &&
           (config.prefsrc.is_unspecified() || config.prefsrc == info.fib_prefsrc) &&
           (config.protocol == route_protocol::unspec || config.protocol == info.fib_protocol) &&
           fib_nh_match(config, info) && fib_metrics_match(config, info);
}

}  // namespace

fib_edit fib_table_insert(fib_table& table, const fib_config& config, fib_info_ptr info, fib_insert_mode mode) {
    auto& trie = *table.trie;
    const auto key = config.dst.address.value;
    const auto slen = static_cast<std::uint8_t>(32 - config.dst.length);
    const auto priority = info->fib_priority;
    fib_alias made{std::move(info), table.tb_id, slen, config.tos, config.type, false};
    fib_tnode* parent = nullptr;
    auto* leaf = trie.find_node(key, parent);
    const auto behind = leaf ? fib_find_alias(leaf->leaf, slen, config.tos, priority, table.tb_id) : std::nullopt;
    if (behind && same_place(*std::next(*behind), made))
        return insert_beside(trie, leaf->leaf, *behind, key, std::move(made), mode);
    if (mode == fib_insert_mode::change) return {-ENOENT};
    trie.insert_alias(key, std::move(made), behind);
    return {0, true};
}

fib_edit fib_table_delete(fib_table& table, const fib_config& config) {
    const auto key = config.dst.address.value;
    const auto slen = static_cast<std::uint8_t>(32 - config.dst.length);
    fib_tnode* parent = nullptr;
    auto* leaf = table.trie->find_node(key, parent);
    const auto found = leaf ? fib_find_alias(leaf->leaf, slen, config.tos, 0, table.tb_id) : std::nullopt;
    if (!found) return {-ESRCH};
    auto behind = *found;
    for (auto alias = std::next(behind); alias != leaf->leaf.end(); behind = alias++) {
        if (alias->fa_slen != slen || alias->tb_id != table.tb_id || alias->fa_dscp != config.tos) break;
        if (!means(config, *alias)) continue;
        const bool was_used = alias->fa_accessed;
        table.trie->remove_alias(key, behind);
        return {0, was_used};
    }
    return {-ESRCH};
}

int fib_table_flush(fib_table& table) {
    return table.trie->flush([&](const fib_alias& alias) {
        return alias.tb_id == table.tb_id && (alias.fa_info->fib_flags & rtnh_f_dead) != 0;
    });
}

void fib_trie_unmerge(fib_table& local, fib_table& main) {
    if (local.trie != main.trie) return;
    auto own = std::make_shared<fib_trie>();
    main.trie->each_leaf([&](const fib_leaf& leaf) {
        for (const auto& alias : leaf.leaf)
            if (alias.tb_id == local.tb_id) own->insert_alias(leaf.key, alias);
    });
    local.trie = std::move(own);
    main.trie->flush([&](const fib_alias& alias) { return alias.tb_id != main.tb_id; });
}

}  // namespace rxpath
