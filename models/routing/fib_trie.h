// The routing table as an LC-trie (net/ipv4/fib_trie.c): path-compressed, with nodes that double and halve as they
// fill.
//
// Node structure is the kernel's, including its thresholds and the suffix lengths that prune backtracking, because a
// lookup's cost is the nodes it visits. A node with bits has 2^bits children; a leaf holds the routes (aliases) of all
// prefixes that share its key, longest first. Keys are addresses in host byte order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "models/routing/fib_info.h"

namespace rxpath {

// One route of a leaf (struct fib_alias).
struct fib_alias {
    std::shared_ptr<fib_info> fa_info;
    std::uint8_t fa_slen = 0;  // suffix length: 32 - prefix length
    std::uint8_t fa_dscp = 0;  // TOS; 0: any
    route_type fa_type = route_type::unicast;
    std::uint32_t tb_id = 0;   // local and main routes share a trie until the first rule
    bool fa_accessed = false;  // FA_S_ACCESSED: a lookup has used it
};

// struct key_vector and struct tnode.
struct fib_node {
    std::uint32_t key = 0;
    std::uint8_t pos = 0;   // number of the lowest bit that selects a child
    std::uint8_t bits = 0;  // 2^bits children; 0: a leaf
    std::uint8_t slen = 0;  // the longest suffix below
    std::uint64_t empty_children = 0;
    std::uint64_t full_children = 0;  // children without a gap to this node's bits
    fib_node* parent = nullptr;
    std::vector<std::unique_ptr<fib_node>> children;
    std::vector<fib_alias> leaf;

    bool is_leaf() const { return bits == 0 && pos == 0; }
    bool is_trie() const { return pos >= 32; }  // the root that holds the first node
    std::uint64_t child_length() const { return is_trie() ? 0 : children.size(); }
    // Which child a key belongs to; child_length() or more when the key differs above this node's bits.
    std::uint64_t cindex(std::uint32_t wanted) const { return static_cast<std::uint64_t>(wanted ^ key) >> pos; }
    fib_node* child(std::uint64_t index) const { return children[index].get(); }
};

class fib_trie {
public:
    using alias_test = std::function<bool(const fib_node&, const fib_alias&)>;

    fib_trie();
    fib_trie(const fib_trie&) = delete;
    fib_trie& operator=(const fib_trie&) = delete;

    const fib_node& root() const { return *m_root; }

    // The leaf of a key, or nothing; `parent` becomes the node where it is or would be (fib_find_node()).
    fib_node* find_node(std::uint32_t key, fib_node*& parent) const;
    // Adds a route before place `before` of the leaf's routes, or where its suffix length and table put it
    // (fib_insert_alias()).
    static constexpr std::size_t by_order = ~std::size_t{0};
    void insert_alias(std::uint32_t key, fib_alias alias, std::size_t before = by_order);
    // Removes a leaf's route number `index` (fib_remove_alias()).
    void remove_alias(std::uint32_t key, std::size_t index);
    // Removes all routes that `gone` says, resizing nodes on the way (fib_table_flush()); answers how many.
    int flush(const alias_test& gone);
    // Calls `visit` for each leaf, keys ascending.
    void each_leaf(const std::function<void(const fib_node&)>& visit) const;

private:
    std::unique_ptr<fib_node> m_root;

    void insert_node(fib_node& parent, fib_alias alias, std::uint32_t key);
    void rebalance(fib_node* node);
};

}  // namespace rxpath
