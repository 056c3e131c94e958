// What a Linux 6.18 showed in /proc/net after the same commands (fib_trie is as it was in 6.12).
#include "models/routing/fib_trie_proc.h"

#include "routing_fixture.h"

namespace rxpath {
namespace {

class fib_trie_proc : public routing_fixture {
protected:
    fib_trie_proc() {
        run("ip route add 192.0.2.0/24 via 10.0.0.3");
        run("ip route add 192.0.2.0/25 via 10.0.0.4");
        run("ip route add 192.0.2.0/24 tos 0x10 via 10.0.0.4");
        run("ip route add 192.0.2.128/25 via 10.0.0.4");
        run("ip route add unreachable 198.51.100.0/24");
    }
    fib_table& table(std::uint32_t id) { return *m_routing.find_table(id); }
};

TEST_F(fib_trie_proc, TrieHasTheKernelsNodes) {
    EXPECT_EQ(fib_trie_seq_show(table(rt_table_main)),
              "Main:\n"
              "  +-- 0.0.0.0/0 3 0 5\n"
              "     +-- 0.0.0.0/4 2 0 2\n"
              "        |-- 0.0.0.0\n"
              "           /0 universe UNICAST\n"
              "        +-- 10.0.0.0/24 2 0 2\n"
              "           +-- 10.0.0.0/31 1 0 0\n"
              "              |-- 10.0.0.0\n"
              "                 /24 link UNICAST\n"
              "              |-- 10.0.0.1\n"
              "                 /32 host LOCAL\n"
              "           |-- 10.0.0.255\n"
              "              /32 link BROADCAST\n"
              "     +-- 127.0.0.0/8 2 0 2\n"
              "        +-- 127.0.0.0/31 1 0 0\n"
              "           |-- 127.0.0.0\n"
              "              /8 host LOCAL\n"
              "           |-- 127.0.0.1\n"
              "              /32 host LOCAL\n"
              "        |-- 127.255.255.255\n"
              "           /32 link BROADCAST\n"
              "     +-- 192.0.0.0/5 2 0 2\n"
              "        +-- 192.0.2.0/24 2 0 2\n"
              "           |-- 192.0.2.0\n"
              "              /25 universe UNICAST\n"
              "              /24 universe UNICAST tos=16\n"
              "              /24 universe UNICAST\n"
              "           |-- 192.0.2.128\n"
              "              /25 universe UNICAST\n"
              "        |-- 198.51.100.0\n"
              "           /24 universe UNREACHABLE\n");
}

TEST_F(fib_trie_proc, StatisticsAreTheKernels) {
    EXPECT_EQ(fib_triestat_seq_show(table(rt_table_main)),
              "Main:\n"
              "\tAver depth:     2.90\n"
              "\tMax depth:      4\n"
              "\tLeaves:         10\n"
              "\tPrefixes:       12\n"
              "\tInternal nodes: 8\n"
              "\t  1: 2  2: 5  3: 1\n"
              "\tPointers: 32\n"
              "Null ptrs: 15\n"
              "Total size: 2  kB\n");
}

TEST_F(fib_trie_proc, LocalTableShowsMainsTrieUntilTheFirstRule) {
    EXPECT_EQ(trie_collect_stats(*table(rt_table_local).trie).prefixes, 12u);
    run("ip rule add from 10.9.0.0/16 lookup main pref 100");
    EXPECT_EQ(fib_triestat_seq_show(table(rt_table_main)),
              "Main:\n"
              "\tAver depth:     2.40\n"
              "\tMax depth:      3\n"
              "\tLeaves:         5\n"
              "\tPrefixes:       7\n"
              "\tInternal nodes: 4\n"
              "\t  2: 3  3: 1\n"
              "\tPointers: 20\n"
              "Null ptrs: 12\n"
              "Total size: 1  kB\n");
    EXPECT_EQ(fib_triestat_seq_show(table(rt_table_local)),
              "Local:\n"
              "\tAver depth:     2.40\n"
              "\tMax depth:      3\n"
              "\tLeaves:         5\n"
              "\tPrefixes:       5\n"
              "\tInternal nodes: 4\n"
              "\t  1: 1  2: 3\n"
              "\tPointers: 14\n"
              "Null ptrs: 6\n"
              "Total size: 1  kB\n");
}

}  // namespace
}  // namespace rxpath
