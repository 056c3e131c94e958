#include "models/routing/fib_trie.h"

#include <gtest/gtest.h>

#include <optional>

#include "models/routing/fib_table.h"

namespace rxpath {
namespace {

class one_table {
public:
    one_table() { m_table = {rt_table_main, &m_devconf, std::make_shared<fib_trie>()}; }

    void add(ipv4_prefix prefix) {
        fib_info_ptr info{new fib_info};
        info->fib_nh.resize(1);
        info->fib_nh[0].nhc_dev = &m_device;
        EXPECT_EQ(fib_table_insert(m_table, config(prefix), info, fib_insert_mode::exclusive).error, 0);
    }
    void remove(ipv4_prefix prefix) { EXPECT_EQ(fib_table_delete(m_table, config(prefix)).error, 0); }
    // The length of the prefix that answers.
    std::optional<int> look_up(ipv4_address address) {
        call_trace trace;
        random_source random;
        receive_context context{trace, random, {}};
        flowi4 flow;
        flow.daddr = address;
        fib_result result;
        if (fib_table_lookup(context, m_table, flow, result, 0) != 0) return std::nullopt;
        return result.prefix.length;
    }
    const fib_node* top() const { return m_table.trie->root().child(0); }

private:
    static fib_config config(ipv4_prefix prefix) {
        fib_config config;
        config.dst = prefix;
        return config;
    }

    ipv4_devconf m_devconf;
    net_device m_device;
    fib_table m_table;
};

TEST(FibTrie, EmptyTrieAnswersNothing) { EXPECT_EQ(one_table{}.look_up({0x0a000001}), std::nullopt); }

TEST(FibTrie, DefaultRouteAnswersEverything) {
    one_table table;
    table.add({});
    EXPECT_EQ(table.look_up({0}), 0);
    EXPECT_EQ(table.look_up({0xffffffff}), 0);
}

TEST(FibTrie, DenseRoutesShareOneWideNode) {
    one_table table;
    for (std::uint32_t i = 0; i < 256; ++i) table.add({{0x14000000u + (i << 8)}, 24});
    ASSERT_NE(table.top(), nullptr);
    const auto& top = tnode_of(*table.top());
    EXPECT_EQ(top.bits, 9);  // 8 bits would be full; the top node doubles from 60 % on, and at 9 bits it is half full
    EXPECT_EQ(top.empty_children, 256u);
}

TEST(FibTrie, ShrinksBackToOneLeafWhenRoutesGo) {
    one_table table;
    for (std::uint32_t i = 0; i < 256; ++i) table.add({{0x14000000u + (i << 8)}, 24});
    for (std::uint32_t i = 1; i < 256; ++i) table.remove({{0x14000000u + (i << 8)}, 24});
    ASSERT_NE(table.top(), nullptr);
    EXPECT_TRUE(table.top()->is_leaf());
}

}  // namespace
}  // namespace rxpath
