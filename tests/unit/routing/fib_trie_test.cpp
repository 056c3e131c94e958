#include "models/routing/fib_trie.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <random>

#include "models/routing/fib_table.h"

namespace rxpath {
namespace {

// A table beside a list that is searched naively.
class trie_against_list {
public:
    trie_against_list() { m_table = {rt_table_main, &m_devconf, std::make_shared<fib_trie>()}; }

    void add(ipv4_prefix prefix) {
        fib_info_ptr info{new fib_info};
        info->fib_priority = 0;
        info->fib_nh.resize(1);
        info->fib_nh[0].nhc_dev = &m_device;
        const auto done = fib_table_insert(m_table, config(prefix), info, fib_insert_mode::exclusive);
        EXPECT_EQ(done.error, m_list.count(key(prefix)) ? -EEXIST : 0);
        m_list[key(prefix)] = prefix;
    }
    void remove(ipv4_prefix prefix) {
        const auto done = fib_table_delete(m_table, config(prefix));
        EXPECT_EQ(done.error, m_list.erase(key(prefix)) ? 0 : -ESRCH);
    }
    void expect_same_answer(ipv4_address address) {
        call_trace trace;
        random_source random;
        receive_context context{trace, random, {}};
        flowi4 flow;
        flow.daddr = address;
        fib_result result;
        const int error = fib_table_lookup(context, m_table, flow, result, 0);
        const auto* longest = naive(address);
        ASSERT_EQ(error, longest ? 0 : -EAGAIN) << address.to_string();
        if (!longest) return;
        EXPECT_EQ(result.prefix.length, longest->length) << address.to_string();
        EXPECT_EQ(result.prefix.address, longest->address);
    }
    const fib_trie& trie() const { return *m_table.trie; }

private:
    static std::uint64_t key(ipv4_prefix prefix) { return std::uint64_t{prefix.address.value} << 8 | prefix.length; }
    static fib_config config(ipv4_prefix prefix) {
        fib_config config;
        config.dst = prefix;
        return config;
    }
    const ipv4_prefix* naive(ipv4_address address) const {
        const ipv4_prefix* longest = nullptr;
        for (const auto& [unused, prefix] : m_list)
            if (prefix.contains(address) && (!longest || prefix.length > longest->length)) longest = &prefix;
        return longest;
    }

    ipv4_devconf m_devconf;
    net_device m_device;
    fib_table m_table;
    std::map<std::uint64_t, ipv4_prefix> m_list;
};

// Counts and suffix lengths that a node keeps must be what its children say.
void expect_consistent(const fib_leaf& leaf) {
    ASSERT_FALSE(leaf.leaf.empty());
    std::uint8_t last = 0;
    for (const auto& alias : leaf.leaf) last = alias.fa_slen;
    EXPECT_EQ(leaf.slen, last);
}

void expect_consistent(const fib_tnode& node) {
    std::uint64_t empty = 0, full = 0;
    for (std::uint64_t i = 0; i < node.child_length(); ++i) {
        const auto* child = node.child(i);
        if (!child) {
            ++empty;
            continue;
        }
        EXPECT_EQ(child->parent, &node);
        EXPECT_EQ(node.cindex(child->key), i);
        EXPECT_GE(node.slen, child->slen);
        full += !child->is_leaf() && child->pos + child->bits == node.pos ? 1 : 0;
    }
    EXPECT_EQ(node.empty_children, empty);
    EXPECT_EQ(node.full_children, full);
    EXPECT_LE(empty + 2, node.child_length()) << "a node with one child must have been removed";
}

void expect_consistent(const fib_trie& trie) {
    trie.each_node([](const fib_node& node, unsigned) {
        node.is_leaf() ? expect_consistent(leaf_of(node)) : expect_consistent(tnode_of(node));
    });
}

ipv4_prefix random_prefix(std::mt19937& random, std::uint32_t spread) {
    ipv4_prefix prefix;
    prefix.length = static_cast<std::uint8_t>(random() % 33);
    prefix.address.value = static_cast<std::uint32_t>(0x0a000000u + random() % spread) & prefix.mask();
    return prefix;
}

class RandomTrie : public testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomTrie, AnswersTheLongestPrefixAndKeepsItsCounts) {
    std::mt19937 random{GetParam()};
    trie_against_list both;
    for (int i = 0; i < 3000; ++i) {
        const auto prefix = random_prefix(random, GetParam());
        if (random() % 3 != 0)
            both.add(prefix);
        else
            both.remove(prefix);
        both.expect_same_answer({static_cast<std::uint32_t>(0x0a000000u + random() % GetParam())});
        if (i % 100 == 0) expect_consistent(both.trie());
    }
    expect_consistent(both.trie());
}

// How widely keys are spread decides how full nodes get.
INSTANTIATE_TEST_SUITE_P(Spreads, RandomTrie, testing::Values(64u, 1024u, 65536u, 16777216u));

TEST(FibTrie, EmptyTrieAnswersNothing) { trie_against_list{}.expect_same_answer({0x0a000001}); }

TEST(FibTrie, DefaultRouteAnswersEverything) {
    trie_against_list both;
    both.add({});
    both.expect_same_answer({0});
    both.expect_same_answer({0xffffffff});
}

TEST(FibTrie, DenseRoutesShareOneWideNode) {
    trie_against_list both;
    for (std::uint32_t i = 0; i < 256; ++i) both.add({{0x14000000u + (i << 8)}, 24});
    ASSERT_NE(both.trie().root().child(0), nullptr);
    const auto& top = tnode_of(*both.trie().root().child(0));
    EXPECT_EQ(top.bits, 9);  // 8 bits would be full; the top node doubles from 60 % on, and at 9 bits it is half full
    EXPECT_EQ(top.empty_children, 256u);
}

TEST(FibTrie, ShrinksBackToOneLeafWhenRoutesGo) {
    trie_against_list both;
    for (std::uint32_t i = 0; i < 256; ++i) both.add({{0x14000000u + (i << 8)}, 24});
    for (std::uint32_t i = 1; i < 256; ++i) both.remove({{0x14000000u + (i << 8)}, 24});
    ASSERT_NE(both.trie().root().child(0), nullptr);
    EXPECT_TRUE(both.trie().root().child(0)->is_leaf());
}

}  // namespace
}  // namespace rxpath
