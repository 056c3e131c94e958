#include "routing_fixture.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

class fib_rules_test : public routing_fixture {
protected:
    fib_rules_test() {
        run("sysctl net.ipv4.ip_forward=1");
        run("ip route add default via 10.0.0.50 table 100");
    }
    std::string gateway(std::string_view from = "10.0.0.9", std::string_view to = "192.0.2.1", std::uint8_t tos = 0) {
        if (route(from, to, "nic0", tos) != 0 || routed().dst.input != dst_input::ip_forward) return "none";
        return routed().rt_gw4.to_string();
    }
    bool shared_trie() const { return m_routing.find_table(rt_table_local)->trie == m_routing.fib_main()->trie; }
};

TEST_F(fib_rules_test, LocalAndMainShareATrieUntilTheFirstRule) {
    EXPECT_TRUE(shared_trie());
    run("ip rule add from 203.0.113.0/24 table 100");
    EXPECT_FALSE(shared_trie());
    EXPECT_EQ(route("10.0.0.9", "10.0.0.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_local_deliver);
    EXPECT_EQ(calls(fn::__fib_lookup), 2u);  // the destination's and the source's
}

TEST_F(fib_rules_test, SharedTrieNeedsOneLookup) {
    EXPECT_EQ(route("10.0.0.9", "10.0.0.1"), 0);
    EXPECT_EQ(calls(fn::fib_table_lookup), 1u);
    EXPECT_EQ(calls(fn::fib_rules_lookup), 0u);
}

TEST_F(fib_rules_test, RuleMatchesSource) {
    run("ip rule add from 10.0.0.8/32 table 100");
    EXPECT_EQ(gateway("10.0.0.8"), "10.0.0.50");
    EXPECT_EQ(gateway("10.0.0.9"), "10.0.0.2");
}

TEST_F(fib_rules_test, RuleMatchesDestination) {
    run("ip rule add to 192.0.2.0/24 table 100");
    EXPECT_EQ(gateway("10.0.0.9", "192.0.2.1"), "10.0.0.50");
    EXPECT_EQ(gateway("10.0.0.9", "192.0.3.1"), "10.0.0.2");
}

TEST_F(fib_rules_test, RuleMatchesInterface) {
    run("ip rule add iif nic0 table 100");
    EXPECT_EQ(gateway(), "10.0.0.50");
    run("ip rule del iif nic0 table 100");
    run("ip rule add iif lo table 100");
    EXPECT_EQ(gateway(), "10.0.0.2");
}

TEST_F(fib_rules_test, RuleMatchesMarkUnderItsMask) {
    run("ip rule add fwmark 0x1/0xf table 100");
    EXPECT_EQ(gateway(), "10.0.0.2");
    m_mark = 0x21;
    EXPECT_EQ(gateway(), "10.0.0.50");
}

TEST_F(fib_rules_test, RuleMatchesTos) {
    run("ip rule add tos 0x10 table 100");
    EXPECT_EQ(gateway("10.0.0.9", "192.0.2.1", 0x10), "10.0.0.50");
    EXPECT_EQ(gateway("10.0.0.9", "192.0.2.1", 0x08), "10.0.0.2");
}

TEST_F(fib_rules_test, RuleForATableWithoutRoutesPassesOn) {
    run("ip rule add from 10.0.0.9 table 77");
    EXPECT_EQ(gateway(), "10.0.0.2");
}

TEST_F(fib_rules_test, ProhibitRuleAnswersAnError) {
    run("ip rule add to 192.0.2.0/24 prohibit");
    ASSERT_EQ(route("10.0.0.9", "192.0.2.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_error);
    EXPECT_EQ(routed().dst.error, EACCES);
}

TEST_F(fib_rules_test, LowerPrefIsTriedFirst) {
    run("ip route add default via 10.0.0.60 table 101");
    run("ip rule add to 192.0.2.0/24 table 100 pref 200");
    run("ip rule add to 192.0.2.0/24 table 101 pref 100");
    EXPECT_EQ(gateway(), "10.0.0.60");
}

TEST_F(fib_rules_test, AddedAndDeletedRulesMakeANewGeneration) {
    const auto before = m_routing.rt_genid();
    run("ip rule add from 203.0.113.0/24 table 100");
    EXPECT_EQ(m_routing.rt_genid(), before + 1);
    run("ip rule del from 203.0.113.0/24 table 100");
    EXPECT_EQ(m_routing.rt_genid(), before + 2);
}

TEST_F(fib_rules_test, GotoJumpsOverRules) {
    run("ip rule add to 192.0.2.0/24 table 100 pref 200");
    run("ip rule add nop pref 300");
    run("ip rule add from 10.0.0.8 goto 300 pref 100");
    EXPECT_EQ(gateway("10.0.0.8"), "10.0.0.2");
    EXPECT_EQ(gateway("10.0.0.9"), "10.0.0.50");
}

TEST_F(fib_rules_test, GotoWithoutTargetGoesOnWithTheNextRule) {
    run("ip rule add from 10.0.0.8 goto 300 pref 100");
    run("ip rule add to 192.0.2.0/24 table 100 pref 200");
    EXPECT_EQ(gateway("10.0.0.8"), "10.0.0.50");
    run("ip rule add nop pref 300");
    EXPECT_EQ(gateway("10.0.0.8"), "10.0.0.2");
    run("ip rule del pref 300");
    EXPECT_EQ(gateway("10.0.0.8"), "10.0.0.50");
}

TEST_F(fib_rules_test, InvertedRuleMatchesTheRest) {
    run("ip rule add not from 10.0.0.8 table 100");
    EXPECT_EQ(gateway("10.0.0.8"), "10.0.0.2");
    EXPECT_EQ(gateway("10.0.0.9"), "10.0.0.50");
}

TEST_F(fib_rules_test, ShortPrefixesCanBeSuppressed) {
    run("ip rule add table main suppress_prefixlength 0 pref 100");
    run("ip rule add table 100 pref 200");
    EXPECT_EQ(gateway(), "10.0.0.50");
    run("ip route add 192.0.2.0/24 via 10.0.0.60");
    EXPECT_EQ(gateway(), "10.0.0.60");
}

TEST_F(fib_rules_test, RoutesThroughAGroupOfDevicesCanBeSuppressed) {
    run("ip link set nic0 group 7");
    run("ip rule add table 100 suppress_ifgroup 7 pref 100");
    EXPECT_EQ(gateway(), "10.0.0.2");
    run("ip link set nic0 group default");
    EXPECT_EQ(gateway(), "10.0.0.50");
}

TEST_F(fib_rules_test, RuleMatchesProtocolAndPorts) {
    run("ip rule add ipproto tcp dport 80-90 table 100");
    const auto gateway_for = [&](std::uint8_t protocol, std::uint8_t port) {
        drop();
        auto made = make_packet("10.0.0.9", "192.0.2.1", 0, protocol);
        made.bytes[23] = port;
        m_skb.fill(made, {40});
        m_skb.dev = &device("nic0");
        const auto header = m_skb.ip_hdr();
        EXPECT_EQ(ip_route_input_noref(m_context, m_routing, m_skb, header.daddr(), header.saddr(), 0, *m_skb.dev), 0);
        return routed().rt_gw4.to_string();
    };
    EXPECT_EQ(gateway_for(ipproto_tcp, 80), "10.0.0.50");
    EXPECT_EQ(gateway_for(ipproto_tcp, 90), "10.0.0.50");
    EXPECT_EQ(gateway_for(ipproto_tcp, 91), "10.0.0.2");
    EXPECT_EQ(gateway_for(ipproto_udp, 80), "10.0.0.2");
}

TEST_F(fib_rules_test, RuleWaitsForItsDevice) {
    run("ip rule add iif nic7 table 100");
    EXPECT_EQ(m_routing.rules().all()[1].iifindex, -1);
    EXPECT_EQ(m_routing.rules().all()[1].iifindex, -1);
    const auto& nic7 = add_device("nic7");
    EXPECT_EQ(m_routing.rules().all()[1].iifindex, nic7.ifindex);
}

TEST_F(fib_rules_test, RepeatedRuleIsRefused) {
    run("ip rule add from 10.0.0.8 table 100 pref 50");
    EXPECT_THAT(refused("ip rule add from 10.0.0.8 table 100 pref 50"), testing::HasSubstr("exists"));
    run("ip rule add from 10.0.0.8 table 100 pref 51");
}

TEST_F(fib_rules_test, DeletionLooksOnlyAtWhatIsGiven) {
    run("ip rule add from 10.0.0.8 fwmark 3 table 100 pref 50");
    run("ip rule add to 192.0.2.0/24 table 101 pref 60");
    EXPECT_THAT(refused("ip rule del table 100 pref 60"), testing::HasSubstr("no such rule"));
    run("ip rule del table 101");
    run("ip rule del fwmark 3");
    EXPECT_EQ(m_routing.rules().all().size(), 3u);
}

TEST_F(fib_rules_test, FlushLeavesTheLocalTablesRule) {
    run("ip rule add from 10.0.0.8 table 100 pref 50");
    run("ip rule flush");
    ASSERT_EQ(m_routing.rules().all().size(), 1u);
    EXPECT_EQ(m_routing.rules().all()[0].table, rt_table_local);
    EXPECT_EQ(gateway(), "none");
}

TEST_F(fib_rules_test, RuleWithoutPrefGoesBeforeAllThatHaveOne) {
    run("ip rule add from 10.0.0.8 table 100");
    run("ip rule add from 10.0.0.9 table 100");
    EXPECT_EQ(m_routing.rules().all()[1].pref, 0x7ffcu);
    EXPECT_EQ(m_routing.rules().all()[2].pref, 0x7ffdu);
}

TEST_F(fib_rules_test, UnknownRuleCannotBeDeleted) {
    EXPECT_THAT(refused("ip rule del from 1.2.3.0/24 table 5"), testing::HasSubstr("no such rule"));
}

}  // namespace
}  // namespace rxpath
