#include "models/routing/fib_trie_proc.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace rxpath {

namespace {

// sizeof of the 64-bit kernel's structures, bytes.
constexpr std::uint64_t leaf_size = 48, tnode_size = 40, alias_size = 56, pointer_size = 8;

std::string table_title(const fib_table& table) {
    if (table.tb_id == rt_table_local) return "Local:\n";
    if (table.tb_id == rt_table_main) return "Main:\n";
    return fmt::format("Id {}:\n", table.tb_id);
}

std::string scope_name(route_scope scope) {
    const auto name = to_string(scope);
    return name.empty() ? fmt::format("scope={}", static_cast<int>(scope)) : std::string{name};
}

std::string type_name(route_type type) {
    std::string name{to_string(type)};
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'a' ? c - 'a' + 'A' : c; });
    return name;
}

using text = std::back_insert_iterator<std::string>;

void indent(text out, unsigned levels) { fmt::format_to(out, "{:{}}", "", 3 * levels); }

void show_tnode(text out, const fib_tnode& node, unsigned depth) {
    indent(out, depth);
    fmt::format_to(out, "  +-- {}/{} {} {} {}\n", ipv4_address{node.key}.to_string(), 32 - node.pos - node.bits,
                   node.bits, node.full_children, node.empty_children);
}

void show_leaf(text out, const fib_leaf& leaf, unsigned depth) {
    indent(out, depth);
    fmt::format_to(out, "  |-- {}\n", ipv4_address{leaf.key}.to_string());
    for (const auto& alias : leaf.leaf) {
        indent(out, depth + 1);
        fmt::format_to(out, "  /{} {} {}", 32 - alias.fa_slen, scope_name(alias.fa_info->fib_scope),
                       type_name(alias.fa_type));
        if (alias.fa_dscp != 0) fmt::format_to(out, " tos={}", alias.fa_dscp);
        *out = '\n';
    }
}

}  // namespace

std::uint64_t trie_stat::pointers() const {
    std::uint64_t sum = 0;
    for (std::size_t bits = 1; bits < nodesizes.size(); ++bits) sum += std::uint64_t{nodesizes[bits]} << bits;
    return sum;
}

trie_stat trie_collect_stats(const fib_trie& trie) {
    trie_stat stat;
    trie.each_node([&](const fib_node& node, unsigned depth) {
        if (node.is_leaf()) {
            const auto& aliases = leaf_of(node).leaf;
            ++stat.leaves;
            stat.totdepth += depth;
            stat.maxdepth = std::max(stat.maxdepth, depth);
            stat.prefixes += static_cast<std::uint32_t>(std::distance(aliases.begin(), aliases.end()));
        } else {
            ++stat.tnodes;
            ++stat.nodesizes[node.bits];
            stat.nullpointers += tnode_of(node).empty_children;
        }
    });
    return stat;
}

std::string fib_triestat_seq_show(const fib_table& table) {
    const auto stat = trie_collect_stats(*table.trie);
    const auto depth = stat.leaves == 0 ? 0 : std::uint64_t{stat.totdepth} * 100 / stat.leaves;
    auto shown = table_title(table);
    const text out{shown};
    fmt::format_to(out, "\tAver depth:     {}.{:02}\n\tMax depth:      {}\n", depth / 100, depth % 100, stat.maxdepth);
    fmt::format_to(out, "\tLeaves:         {}\n\tPrefixes:       {}\n", stat.leaves, stat.prefixes);
    fmt::format_to(out, "\tInternal nodes: {}\n\t", stat.tnodes);
    for (std::size_t bits = 1; bits < stat.nodesizes.size(); ++bits)
        if (stat.nodesizes[bits] != 0) fmt::format_to(out, "  {}: {}", bits, stat.nodesizes[bits]);
    const auto bytes = leaf_size * stat.leaves + alias_size * stat.prefixes + tnode_size * stat.tnodes +
                       pointer_size * stat.pointers();
    fmt::format_to(out, "\n\tPointers: {}\nNull ptrs: {}\nTotal size: {}  kB\n", stat.pointers(), stat.nullpointers,
                   (bytes + 1023) / 1024);
    return shown;
}

std::string fib_trie_seq_show(const fib_table& table) {
    std::string shown;
    if (table.trie->root().child(0)) shown = table_title(table);
    const text out{shown};
    table.trie->each_node([&](const fib_node& node, unsigned depth) {
        if (node.is_leaf())
            show_leaf(out, leaf_of(node), depth);
        else
            show_tnode(out, tnode_of(node), depth);
    });
    return shown;
}

}  // namespace rxpath
