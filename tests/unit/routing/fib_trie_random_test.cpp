// Tables in one trie against a list that is searched naively, over random insertion, deletion, flush and unmerging; and
// what the nodes keep about what is below them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <tuple>
#include <vector>

#include "models/routing/fib_table.h"

namespace rxpath {
namespace {

struct listed_route {
    std::uint32_t table;
    ipv4_prefix prefix;
    std::uint8_t tos;
    std::uint32_t priority;
    std::size_t info;  // which of the test's next hops

    auto place() const { return std::tuple{table, prefix.address.value, prefix.length, tos, priority}; }
    bool same_prefix(const listed_route& other) const {
        return table == other.table && prefix.address == other.prefix.address && prefix.length == other.prefix.length &&
               tos == other.tos;
    }
    // Does a lookup that both answer prefer this one?
    bool before(const listed_route& other) const {
        return std::tuple{prefix.length, table, tos, other.priority} >
               std::tuple{other.prefix.length, other.table, other.tos, priority};
    }
};

// The tables local and main, which share a trie until unmerge().
class tables_against_list {
public:
    static constexpr std::size_t info_count = 6;

    tables_against_list() {
        m_main = {rt_table_main, &m_devconf, std::make_shared<fib_trie>()};
        m_local = {rt_table_local, &m_devconf, m_main.trie};
        for (std::size_t i = 0; i < info_count; ++i) {
            auto& info = *m_infos.emplace_back(new fib_info);
            info.fib_priority = static_cast<std::uint32_t>(i % 3);
            info.fib_nh.resize(1);
            info.fib_nh[0].nhc_dev = &m_device;
        }
    }

    void insert(const listed_route& route) {
        const bool there = std::any_of(m_list.begin(), m_list.end(),
                                       [&](const auto& other) { return other.place() == route.place(); });
        const auto done =
            fib_table_insert(table(route.table), config(route), m_infos[route.info], fib_insert_mode::exclusive);
        EXPECT_EQ(done.error, there ? -EEXIST : 0);
        if (!there) m_list.push_back(route);
    }
    // Of the routes to this prefix, the one with this priority; the first when it is 0.
    void remove(const listed_route& route) {
        auto found = m_list.end();
        for (auto other = m_list.begin(); other != m_list.end(); ++other)
            if (other->same_prefix(route) && (route.priority == 0 || other->priority == route.priority) &&
                (found == m_list.end() || other->before(*found)))
                found = other;
        EXPECT_EQ(fib_table_delete(table(route.table), config(route)).error, found == m_list.end() ? -ESRCH : 0);
        if (found != m_list.end()) m_list.erase(found);
    }
    // All routes of a table through one next hop, which is dead.
    void flush(std::uint32_t from, std::size_t info) {
        const auto is_gone = [&](const listed_route& route) { return route.table == from && route.info == info; };
        const auto gone = std::count_if(m_list.begin(), m_list.end(), is_gone);
        m_infos[info]->fib_flags = rtnh_f_dead;
        EXPECT_EQ(fib_table_flush(table(from)), gone);
        m_infos[info]->fib_flags = 0;
        m_list.erase(std::remove_if(m_list.begin(), m_list.end(), is_gone), m_list.end());
    }
    void unmerge() { fib_trie_unmerge(m_local, m_main); }

    void expect_same_answer(std::uint32_t asked, ipv4_address address, std::uint8_t tos) {
        call_trace trace;
        random_source random;
        receive_context context{trace, random, {}};
        flowi4 flow;
        flow.daddr = address;
        flow.flowi4_tos = tos;
        fib_result result;
        const int error = fib_table_lookup(context, table(asked), flow, result, 0);
        const auto* best = naive(asked, address, tos);
        ASSERT_EQ(error, best ? 0 : -EAGAIN) << address.to_string();
        if (!best) return;
        EXPECT_EQ(result.prefix.length, best->prefix.length) << address.to_string();
        EXPECT_EQ(result.prefix.address, best->prefix.address);
        EXPECT_EQ(result.dscp, best->tos);
        EXPECT_EQ(result.fi, m_infos[best->info].get()) << address.to_string();
    }
    const fib_trie& trie(std::uint32_t id) { return *table(id).trie; }
    std::size_t size() const { return m_list.size(); }

private:
    fib_table& table(std::uint32_t id) { return id == rt_table_main ? m_main : m_local; }
    static fib_config config(const listed_route& route) {
        fib_config config;
        config.dst = route.prefix;
        config.tos = route.tos;
        config.priority = route.priority;
        return config;
    }
    const listed_route* naive(std::uint32_t asked, ipv4_address address, std::uint8_t tos) const {
        const bool merged = m_local.trie == m_main.trie;
        const listed_route* best = nullptr;
        for (const auto& route : m_list) {
            const bool answers = (merged || route.table == asked) && route.prefix.contains(address) &&
                                 (route.tos == 0 || route.tos == tos);
            if (answers && (!best || route.before(*best))) best = &route;
        }
        return best;
    }

    ipv4_devconf m_devconf;
    net_device m_device;
    std::vector<fib_info_ptr> m_infos;
    fib_table m_main, m_local;
    std::vector<listed_route> m_list;
};

// A leaf's routes are in order and its suffix length is the last one's.
void expect_consistent(const fib_leaf& leaf) {
    ASSERT_FALSE(leaf.leaf.empty());
    const fib_alias* last = nullptr;
    for (const auto& alias : leaf.leaf) {
        if (last) {
            EXPECT_LE(last->fa_slen, alias.fa_slen);
        }
        EXPECT_TRUE(alias.fa_slen == 32 || (leaf.key & ((std::uint64_t{1} << alias.fa_slen) - 1)) == 0);
        last = &alias;
    }
    EXPECT_EQ(leaf.slen, last->fa_slen);
}

// Counts, keys and suffix lengths that a node keeps must be what its children say. The suffix length may be too long:
// the kernel looks at a leaf that goes away before it takes it out.
void expect_consistent(const fib_tnode& node, bool only_grew) {
    std::uint64_t empty = 0, full = 0;
    auto slen = node.pos;
    const int above = node.pos + node.bits;
    EXPECT_EQ(node.key & ((std::uint64_t{1} << above) - 1), 0u);
    for (std::uint64_t i = 0; i < node.child_length(); ++i) {
        const auto* child = node.child(i);
        if (!child) {
            ++empty;
            continue;
        }
        EXPECT_EQ(child->parent, &node);
        EXPECT_EQ(node.cindex(child->key), i);
        EXPECT_LE(child->pos + child->bits, node.pos);
        slen = std::max(slen, child->slen);
        full += !child->is_leaf() && child->pos + child->bits == node.pos ? 1 : 0;
    }
    EXPECT_EQ(node.empty_children, empty);
    EXPECT_EQ(node.full_children, full);
    EXPECT_GE(node.slen, slen);
    if (only_grew) {
        EXPECT_EQ(node.slen, slen);
    }
    EXPECT_LE(empty + 2, node.child_length()) << "a node with one child must have been removed";
}

void expect_consistent(const fib_trie& trie, bool only_grew) {
    std::uint64_t next_key = 0;
    trie.each_node([&](const fib_node& node, unsigned) {
        if (!node.is_leaf()) return expect_consistent(tnode_of(node), only_grew);
        expect_consistent(leaf_of(node));
        EXPECT_GE(node.key, next_key) << "keys ascend";
        next_key = std::uint64_t{node.key} + 1;
        fib_tnode* parent = nullptr;
        EXPECT_EQ(trie.find_node(node.key, parent), &node);
        EXPECT_EQ(parent, node.parent);
    });
}

struct shape {
    std::uint64_t seed;
    std::uint32_t spread;  // keys are in so many addresses: that decides how full nodes get
};

class random_trie : public testing::TestWithParam<shape> {
protected:
    ipv4_address any_address() { return {static_cast<std::uint32_t>(0x0a000000 + m_random() % GetParam().spread)}; }
    std::uint32_t any_table() { return m_random() % 4 == 0 ? rt_table_local : rt_table_main; }
    std::uint8_t any_tos() { return m_random() % 4 == 0 ? 0x10 : 0; }
    listed_route any_route() {
        listed_route route{any_table(), {any_address(), 0}, any_tos(), 0, m_random() % m_both.info_count};
        route.prefix.length = static_cast<std::uint8_t>(m_random() % 8 == 0 ? m_random() % 33 : 32 - m_random() % 12);
        route.prefix.address.value &= route.prefix.mask();
        route.priority = static_cast<std::uint32_t>(route.info % 3);
        return route;
    }
    void expect_same_answer() { m_both.expect_same_answer(any_table(), any_address(), any_tos()); }
    void expect_consistent_tries(bool only_grew) {
        expect_consistent(m_both.trie(rt_table_main), only_grew);
        expect_consistent(m_both.trie(rt_table_local), only_grew);
    }

    std::mt19937_64 m_random{GetParam().seed};
    tables_against_list m_both;
};

TEST_P(random_trie, AnswersAsTheListDoesWhileRoutesComeAndGo) {
    for (int step = 0; step < 2'000; ++step) {
        const auto chance = m_random() % 1000;
        if (chance < 600)
            m_both.insert(any_route());
        else if (chance < 995)
            m_both.remove(any_route());
        else
            m_both.flush(any_table(), m_random() % m_both.info_count);
        if (step == 1'500) m_both.unmerge();
        expect_same_answer();
        if (step % 100 == 0) expect_consistent_tries(false);
    }
    expect_consistent_tries(false);
}

TEST_P(random_trie, SuffixLengthsAreExactWhileItGrows) {
    for (int step = 0; step < 1'000; ++step) {
        m_both.insert(any_route());
        if (step % 100 == 0) expect_consistent_tries(true);
    }
    for (int i = 0; i < 1'000; ++i) expect_same_answer();
}

TEST_P(random_trie, IsEmptyWhenAllIsFlushed) {
    for (int step = 0; step < 500; ++step) m_both.insert(any_route());
    for (const auto table : {rt_table_main, rt_table_local})
        for (std::size_t info = 0; info < m_both.info_count; ++info) m_both.flush(table, info);
    EXPECT_EQ(m_both.size(), 0u);
    EXPECT_EQ(m_both.trie(rt_table_main).root().child(0), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Spreads, random_trie,
                         testing::Values(shape{1, 64}, shape{2, 1024}, shape{3, 65536}, shape{4, 1u << 24},
                                         shape{5, 1u << 31}));

}  // namespace
}  // namespace rxpath
