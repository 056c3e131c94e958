#include "models/routing/fib_trie.h"

#include <utility>

#include "models/routing/fib_trie_resize.h"

namespace rxpath {

namespace {

fib_node_owner<fib_leaf> leaf_new(std::uint32_t key, fib_alias alias) {
    fib_node_owner<fib_leaf> leaf{new fib_leaf};
    leaf->key = key;
    leaf->slen = alias.fa_slen;
    leaf->leaf.push_front(std::move(alias));
    return leaf;
}

// Where a route goes among a leaf's: longer prefixes first, then higher tables (local before main), then older ones.
fib_trie::alias_place place_in_order(fib_alias_list& aliases, const fib_alias& alias) {
    auto behind = aliases.before_begin();
    for (auto other = aliases.begin(); other != aliases.end(); behind = other++) {
        if (alias.fa_slen < other->fa_slen) break;
        if (alias.fa_slen == other->fa_slen && alias.tb_id > other->tb_id) break;
    }
    return behind;
}

// Removes routes from a leaf and sets its suffix length anew; answers how many.
int remove_aliases(fib_leaf& leaf, const fib_trie::alias_test& gone) {
    int found = 0;
    leaf.slen = 0;
    auto behind = leaf.leaf.before_begin();
    for (auto alias = leaf.leaf.begin(); alias != leaf.leaf.end();) {
        if (gone(*alias)) {
            alias = leaf.leaf.erase_after(behind);
            ++found;
        } else {
            leaf.slen = alias->fa_slen;
            behind = alias++;
        }
    }
    return found;
}

}  // namespace

fib_trie::fib_trie() : m_root(tnode_alloc(0)) {
    m_root->pos = 32;
    m_root->slen = 32;
}

fib_leaf* fib_trie::find_node(std::uint32_t key, fib_tnode*& parent) const {
    fib_node* node = m_root.get();
    std::uint64_t index = 0;
    do {
        parent = &tnode_of(*node);
        node = parent->child(index);
        if (!node) return nullptr;
        index = node->cindex(key);
        if (index >> node->bits != 0) return nullptr;
    } while (!node->is_leaf());
    return &leaf_of(*node);
}

void fib_trie::insert_alias(std::uint32_t key, fib_alias alias, std::optional<alias_place> behind) {
    fib_tnode* parent = nullptr;
    auto* leaf = find_node(key, parent);
    if (!leaf) return insert_node(*parent, std::move(alias), key);
    const auto slen = alias.fa_slen;
    const auto place = behind ? *behind : place_in_order(leaf->leaf, alias);
    leaf->leaf.insert_after(place, std::move(alias));
    if (leaf->slen < slen) {
        leaf->slen = slen;
        node_push_suffix(parent, slen);
    }
}

void fib_trie::insert_node(fib_tnode& parent, fib_alias alias, std::uint32_t key) {
    auto* place = &parent;
    const auto slen = alias.fa_slen;
    auto leaf = leaf_new(key, std::move(alias));
    // A node that tells the two keys apart comes between.
    if (auto neighbour = take_child(parent, parent.cindex(key))) {
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

void fib_trie::rebalance(fib_tnode* node) {
    while (!node->is_trie()) node = resize(*node);
}

void fib_trie::remove_alias(std::uint32_t key, alias_place behind) {
    fib_tnode* parent = nullptr;
    auto& leaf = *find_node(key, parent);
    const auto next = leaf.leaf.erase_after(behind);
    if (leaf.leaf.empty()) {
        if (parent->slen == leaf.slen) node_pull_suffix(parent, parent->pos);
        put_child_root(*parent, key, nullptr);
        return rebalance(parent);
    }
    if (next != leaf.leaf.end()) return;
    leaf.slen = behind->fa_slen;
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
            parent = &tnode_of(*node);
            index = node->child_length();
            continue;
        }
        auto& leaf = leaf_of(*node);
        found += remove_aliases(leaf, gone);
        if (leaf.leaf.empty()) put_child_root(*parent, leaf.key, nullptr);
    }
}

namespace {

void visit_below(const fib_node& node, unsigned depth, const fib_trie::node_visitor& visit) {
    visit(node, depth);
    for (std::uint64_t i = 0; i < node.child_length(); ++i)
        if (const auto* child = tnode_of(node).child(i)) visit_below(*child, depth + 1, visit);
}

}  // namespace

void fib_trie::each_node(const node_visitor& visit) const {
    if (const auto* top = m_root->child(0)) visit_below(*top, 0, visit);
}

void fib_trie::each_leaf(const std::function<void(const fib_leaf&)>& visit) const {
    each_node([&](const fib_node& node, unsigned) {
        if (node.is_leaf()) visit(leaf_of(node));
    });
}

}  // namespace rxpath
