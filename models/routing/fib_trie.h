// The routing table as an LC-trie (net/ipv4/fib_trie.c): path-compressed, with nodes that double and halve as they
// fill.
//
// Node structure is the kernel's, including its thresholds and the suffix lengths that prune backtracking, because a
// lookup's cost is the nodes it visits. A node with bits has 2^bits children; a leaf holds the routes (aliases) of all
// prefixes that share its key, longest first. Keys are addresses in host byte order.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "models/routing/fib_node.h"

namespace rxpath {

class fib_trie {
public:
    // A route of a leaf, by the one before it.
    using alias_place = fib_alias_list::iterator;
    using alias_test = std::function<bool(const fib_alias&)>;

    fib_trie();
    fib_trie(const fib_trie&) = delete;
    fib_trie& operator=(const fib_trie&) = delete;

    const fib_tnode& root() const { return *m_root; }

    // The leaf of a key, or nothing; `parent` becomes the node where it is or would be (fib_find_node()).
    fib_leaf* find_node(std::uint32_t key, fib_tnode*& parent) const;
    // Adds a route behind `behind` of the leaf's routes, or where its suffix length and table put it
    // (fib_insert_alias()).
    void insert_alias(std::uint32_t key, fib_alias alias, std::optional<alias_place> behind = std::nullopt);
    // Removes the route behind `behind` from the leaf of that key (fib_remove_alias()).
    void remove_alias(std::uint32_t key, alias_place behind);
    // Removes all routes that `gone` says, resizing nodes on the way (fib_table_flush()); answers how many.
    int flush(const alias_test& gone);

    // Calls `visit` for each node, depth first and keys ascending, with the number of internal nodes above it.
    using node_visitor = std::function<void(const fib_node&, unsigned depth)>;
    void each_node(const node_visitor& visit) const;
    // The same for leaves only.
    void each_leaf(const std::function<void(const fib_leaf&)>& visit) const;

private:
    fib_node_owner<fib_tnode> m_root;

    void insert_node(fib_tnode& parent, fib_alias alias, std::uint32_t key);
    void rebalance(fib_tnode* node);
};

}  // namespace rxpath
