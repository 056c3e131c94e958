// Nodes of the trie: struct key_vector, struct tnode and struct fib_alias (net/ipv4/fib_trie.c, fib_lookup.h).
//
// Laid out for a million routes: a leaf is 24 bytes, each of its routes another 24, and an internal node is 24 bytes
// with the pointers to its children right behind it, so that a lookup reads as few cache lines as the kernel's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <memory>

#include "models/routing/fib_info.h"

namespace rxpath {

// One route of a leaf.
struct fib_alias {
    fib_info_ptr fa_info;
    std::uint32_t tb_id = 0;   // local and main routes share a trie until the first rule
    std::uint8_t fa_slen = 0;  // suffix length: 32 - prefix length
    std::uint8_t fa_dscp = 0;  // TOS; 0: any
    route_type fa_type = route_type::unicast;
    bool fa_accessed = false;  // FA_S_ACCESSED: a lookup has used it
};

using fib_alias_list = std::forward_list<fib_alias>;

struct fib_tnode;

// What leaves and internal nodes have in common.
struct fib_node {
    std::uint32_t key = 0;
    std::uint8_t pos = 0;   // number of the lowest bit that selects a child
    std::uint8_t bits = 0;  // 2^bits children; 0: a leaf
    std::uint8_t slen = 0;  // the longest suffix below
    fib_tnode* parent = nullptr;

    bool is_leaf() const { return bits == 0 && pos == 0; }
    bool is_trie() const { return pos >= 32; }  // the root that holds the first node
    // 0 for the root, whose only place is not counted.
    std::uint64_t child_length() const { return (std::uint64_t{1} << bits) & ~std::uint64_t{1}; }
    // Which child a key belongs to; 2^bits or more when the key differs above this node's bits.
    std::uint64_t cindex(std::uint32_t wanted) const { return static_cast<std::uint64_t>(wanted ^ key) >> pos; }
};

struct node_free {
    void operator()(fib_node* node) const;
};
template <class Node>
using fib_node_owner = std::unique_ptr<Node, node_free>;
using fib_node_ptr = fib_node_owner<fib_node>;

struct fib_leaf : fib_node {
    fib_alias_list leaf;  // longest prefix first
};

struct fib_tnode : fib_node {
    std::uint32_t empty_children = 0;
    std::uint32_t full_children = 0;  // children without a gap to this node's bits

    fib_node* child(std::uint64_t index) const { return places()[index].get(); }
    // Where child number `index` is owned. put_child() keeps the counts; whoever moves a child out does not.
    fib_node_ptr& place(std::uint64_t index) { return places()[index]; }

private:
    friend struct node_free;
    friend fib_node_owner<fib_tnode> tnode_alloc(std::uint8_t bits);

    std::size_t place_count() const { return std::size_t{1} << bits; }
    fib_node_ptr* places() { return reinterpret_cast<fib_node_ptr*>(this + 1); }
    const fib_node_ptr* places() const { return reinterpret_cast<const fib_node_ptr*>(this + 1); }
};

// A node with 2^bits places for children, all empty; everything else is zero.
fib_node_owner<fib_tnode> tnode_alloc(std::uint8_t bits);

inline fib_leaf& leaf_of(fib_node& node) { return static_cast<fib_leaf&>(node); }
inline const fib_leaf& leaf_of(const fib_node& node) { return static_cast<const fib_leaf&>(node); }
inline fib_tnode& tnode_of(fib_node& node) { return static_cast<fib_tnode&>(node); }
inline const fib_tnode& tnode_of(const fib_node& node) { return static_cast<const fib_tnode&>(node); }

}  // namespace rxpath
