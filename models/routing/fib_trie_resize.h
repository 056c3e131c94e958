// How nodes of the trie grow, shrink and keep their suffix lengths (resize(), inflate(), halve() in
// net/ipv4/fib_trie.c).
#pragma once

#include "models/routing/fib_node.h"

namespace rxpath {

// A node for keys like `key` with 2^bits empty children selected from bit `pos` on (tnode_new()).
fib_node_owner<fib_tnode> tnode_new(std::uint32_t key, std::uint8_t pos, std::uint8_t bits);
// Puts a child in its place, counting empty and full children; null empties the place.
void put_child(fib_tnode& parent, std::uint64_t index, fib_node_ptr child);
// Takes a child, if there is one, out of its place.
fib_node_ptr take_child(fib_tnode& parent, std::uint64_t index);
// put_child() by key, for a parent that may be the trie's root.
void put_child_root(fib_tnode& parent, std::uint32_t key, fib_node_ptr child);
// Doubles, halves or removes a node as its filling asks for; answers its parent. The node may be gone afterwards.
fib_tnode* resize(fib_tnode& node);

// A suffix of this length came below (node_push_suffix()), or went away (node_pull_suffix()).
void node_push_suffix(fib_tnode* node, std::uint8_t slen);
void node_pull_suffix(fib_tnode* node, std::uint8_t slen);
// Recomputes a node's suffix length from its children's.
std::uint8_t update_suffix(fib_tnode& node);

}  // namespace rxpath
