#include "models/routing/fib_trie.h"

#include <algorithm>
#include <utility>

#include "models/routing/fib_trie_resize.h"

namespace rxpath {

namespace {

std::unique_ptr<fib_node> leaf_new(std::uint32_t key, fib_alias alias) {
    auto leaf = std::make_unique<fib_node>();
    leaf->key = key;
    leaf->slen = alias.fa_slen;
    leaf->leaf.push_back(std::move(alias));
    return leaf;
}

// Where a route goes among a leaf's: longer prefixes first, then higher tables (local before main), then older ones.
std::size_t place_in_order(const std::vector<fib_alias>& aliases, const fib_alias& alias) {
    std::size_t place = 0;
    for (; place < aliases.size(); ++place) {
        const auto& other = aliases[place];
        if (alias.fa_slen < other.fa_slen) break;
        if (alias.fa_slen == other.fa_slen && alias.tb_id > other.tb_id) break;
    }
    return place;
}

}  // namespace

fib_trie::fib_trie() : m_root(std::make_unique<fib_node>()) {
    m_root->pos = 32;
    m_root->slen = 32;
    m_root->children.resize(1);
}

fib_node* fib_trie::find_node(std::uint32_t key, fib_node*& parent) const {
    auto* node = m_root.get();
    std::uint64_t index = 0;
    do {
        parent = node;
        node = node->child(index);
        if (!node) return nullptr;
        index = node->cindex(key);
        if (index >> node->bits != 0) return nullptr;
    } while (!node->is_leaf());
    return node;
}

void fib_trie::insert_alias(std::uint32_t key, fib_alias alias, std::size_t before) {
    fib_node* parent = nullptr;
    auto* leaf = find_node(key, parent);
    if (!leaf) return insert_node(*parent, std::move(alias), key);
    const auto slen = alias.fa_slen;
    const auto place = before == by_order ? place_in_order(leaf->leaf, alias) : before;
    leaf->leaf.insert(leaf->leaf.begin() + static_cast<std::ptrdiff_t>(place), std::move(alias));
    if (leaf->slen < slen) {
        leaf->slen = slen;
        node_push_suffix(parent, slen);
    }
}

void fib_trie::insert_node(fib_node& parent, fib_alias alias, std::uint32_t key) {
    auto* place = &parent;
    const auto slen = alias.fa_slen;
    auto leaf = leaf_new(key, std::move(alias));
    if (auto neighbour =
            take_child(parent, parent.cindex(key))) {  // a node that tells the two keys apart comes between
        const auto highest_difference = static_cast<std::uint8_t>(31 - __builtin_clz(key ^ neighbour->key));
        auto fork = tnode_new(key, highest_difference, 1);
        place = fork.get();
        put_child(*fork, fork->cindex(key) ^ 1, std::move(neighbour));
        put_child_root(parent, key, std::move(fork));
    }
    node_push_suffix(place, slen);
    put_child_root(*place, key, std::move(leaf));
    rebalance(place);
}

void fib_trie::rebalance(fib_node* node) {
    while (!node->is_trie()) node = resize(*node);
}

void fib_trie::remove_alias(std::uint32_t key, std::size_t index) {
    fib_node* parent = nullptr;
    auto& leaf = *find_node(key, parent);
    leaf.leaf.erase(leaf.leaf.begin() + static_cast<std::ptrdiff_t>(index));
    if (leaf.leaf.empty()) {
        if (parent->slen == leaf.slen) node_pull_suffix(parent, parent->pos);
        put_child_root(*parent, key, nullptr);
        return rebalance(parent);
    }
    if (index < leaf.leaf.size()) return;
    leaf.slen = leaf.leaf.back().fa_slen;
    node_pull_suffix(parent, leaf.slen);
}

int fib_trie::flush(const alias_test& gone) {
    int found = 0;
    auto* parent = m_root.get();
    for (std::uint64_t index = 1;;) {
        if (index-- == 0) {
            if (parent->is_trie()) return found;
            const auto key = parent->key;
            if (parent->slen > parent->pos) update_suffix(*parent);
            parent = resize(*parent);
            index = parent->cindex(key);
            continue;
        }
        auto* node = parent->child(index);
        if (!node) continue;
        if (!node->is_leaf()) {
            parent = node;
            index = node->child_length();
            continue;
        }
        const auto first_gone = std::remove_if(node->leaf.begin(), node->leaf.end(),
                                               [&](const fib_alias& alias) { return gone(*node, alias); });
        found += static_cast<int>(node->leaf.end() - first_gone);
        node->leaf.erase(first_gone, node->leaf.end());
        node->slen = node->leaf.empty() ? std::uint8_t{0} : node->leaf.back().fa_slen;
        if (node->leaf.empty()) put_child_root(*parent, node->key, nullptr);
    }
}

namespace {

void visit_below(const fib_node& node, const std::function<void(const fib_node&)>& visit) {
    if (node.is_leaf()) return visit(node);
    for (const auto& child : node.children)
        if (child) visit_below(*child, visit);
}

}  // namespace

void fib_trie::each_leaf(const std::function<void(const fib_node&)>& visit) const { visit_below(*m_root, visit); }

}  // namespace rxpath
