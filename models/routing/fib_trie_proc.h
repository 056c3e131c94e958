// A trie as the kernel shows it: /proc/net/fib_trie and /proc/net/fib_triestat (net/ipv4/fib_trie.c), to be compared
// with a running kernel's, line by line.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "models/routing/fib_table.h"

namespace rxpath {

// struct trie_stat. Depths count the internal nodes above a leaf.
struct trie_stat {
    std::uint32_t totdepth = 0;  // of all leaves
    std::uint32_t maxdepth = 0;
    std::uint32_t tnodes = 0;
    std::uint32_t leaves = 0;
    std::uint32_t nullpointers = 0;
    std::uint32_t prefixes = 0;
    std::array<std::uint32_t, 32> nodesizes{};  // internal nodes with so many bits

    double average_depth() const { return leaves == 0 ? 0 : static_cast<double>(totdepth) / leaves; }
    std::uint64_t pointers() const;  // places for children, in all internal nodes
};

trie_stat trie_collect_stats(const fib_trie& trie);

// What the files say about one table. "Total size" is what the kernel's structures would take.
std::string fib_triestat_seq_show(const fib_table& table);
std::string fib_trie_seq_show(const fib_table& table);

}  // namespace rxpath
