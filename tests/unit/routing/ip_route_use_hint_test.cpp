#include <cerrno>

#include "routing_fixture.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

class ip_route_use_hint_test : public routing_fixture {
protected:
    // The packet after one that m_skb holds.
    int use_hint(std::string_view from, std::string_view to, std::uint8_t tos = 0) {
        skb_dst_drop(m_context, m_next);
        m_next.fill(make_packet(from, to, tos), {40});
        m_next.dev = &device("nic0");
        m_next.mark = m_mark;
        const auto header = m_next.ip_hdr();
        m_trace.clear();
        return ip_route_use_hint(m_context, m_routing, m_next, header.daddr(), header.saddr(), header.tos(),
                                 device("nic0"), m_skb);
    }
    void second_way_out() {
        add_device("nic1");
        run("ip addr add 10.1.0.1/24 dev nic1");
        run("ip link set nic1 up");
    }
    ~ip_route_use_hint_test() override { skb_dst_drop(m_context, m_next); }
    sk_buff m_next;
};

TEST_F(ip_route_use_hint_test, CopiesTheRouteWithItsReference) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    const auto before = routed().dst.__rcuref.read();
    ASSERT_EQ(use_hint("10.0.0.3", "10.0.0.1"), 0);
    EXPECT_EQ(skb_dst(m_next), skb_dst(m_skb));
    EXPECT_EQ(routed().dst.__rcuref.read(), before + 1);
    EXPECT_EQ(m_next.routed_by, route_source::hint);
    EXPECT_EQ(calls(fn::fib_table_lookup), 0u);
}

TEST_F(ip_route_use_hint_test, CopiesAnUnreferencedRouteAsSuch) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    const auto before = routed().dst.__rcuref.read();
    ASSERT_EQ(use_hint("10.0.0.3", "10.0.0.1"), 0);
    EXPECT_TRUE(skb_dst_is_noref(m_next));
    EXPECT_EQ(routed().dst.__rcuref.read(), before);
}

TEST_F(ip_route_use_hint_test, StillChecksTheSource) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    for (const auto* source : {"127.0.0.1", "0.0.0.0", "224.0.0.5", "255.255.255.255", "10.0.0.1"}) {
        EXPECT_EQ(use_hint(source, "10.0.0.1"), -EINVAL) << source;
        EXPECT_EQ(skb_dst(m_next), nullptr);
    }
}

TEST_F(ip_route_use_hint_test, NeedsTheSameAddressAndTos) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    m_next.fill(make_packet("10.0.0.3", "10.0.0.1"), {40});
    EXPECT_TRUE(ip_can_use_hint(m_next, &m_skb));
    EXPECT_FALSE(ip_can_use_hint(m_next, nullptr));
    m_next.fill(make_packet("10.0.0.3", "10.0.0.1", 0x10), {40});
    EXPECT_FALSE(ip_can_use_hint(m_next, &m_skb));
    m_next.fill(make_packet("10.0.0.3", "10.0.0.4"), {40});
    EXPECT_FALSE(ip_can_use_hint(m_next, &m_skb));
}

TEST_F(ip_route_use_hint_test, EveryBitOfTosCounts) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    for (const auto tos : std::vector<std::uint8_t>{0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80}) {
        m_next.fill(make_packet("10.0.0.3", "10.0.0.1", tos), {40});
        EXPECT_FALSE(ip_can_use_hint(m_next, &m_skb)) << +tos;
    }
}

TEST_F(ip_route_use_hint_test, PacketThatHasADstKeepsIt) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    m_next.fill(make_packet("10.0.0.3", "10.0.0.1"), {40});
    skb_dst_set_noref(m_next, skb_dst(m_skb));
    EXPECT_FALSE(ip_can_use_hint(m_next, &m_skb));
}

TEST_F(ip_route_use_hint_test, LoopbackSourceNeedsRouteLocalnetOfAllOrOfTheDevice) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    EXPECT_EQ(use_hint("127.9.9.9", "10.0.0.1"), -EINVAL);
    for (const auto& [all, own] : {std::pair{1, 0}, {0, 1}}) {
        run("sysctl net.ipv4.conf.all.route_localnet=" + std::to_string(all));
        run("sysctl net.ipv4.conf.nic0.route_localnet=" + std::to_string(own));
        EXPECT_EQ(use_hint("127.9.9.9", "10.0.0.1"), 0) << all;
    }
}

// The sender of a packet to be forwarded is not looked up: only that of a local one is.
TEST_F(ip_route_use_hint_test, SourceOfAForwardedPacketIsNotValidated) {
    run("sysctl net.ipv4.ip_forward=1");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    EXPECT_EQ(use_hint("10.0.0.1", "198.51.100.1"), 0);
    EXPECT_EQ(calls(fn::fib_validate_source), 0u);
}

TEST_F(ip_route_use_hint_test, NeighbourPassesTheStrictFilter) {
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    EXPECT_EQ(use_hint("10.0.0.3", "10.0.0.1"), 0);  // fib_validate_source() answers 1: a neighbour
    EXPECT_EQ(skb_dst(m_next), skb_dst(m_skb));
}

// The way back is asked for with the packet's own DSCP, destination and mark.
TEST_F(ip_route_use_hint_test, WayBackIsThePacketsOwn) {
    second_way_out();
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    run("sysctl net.ipv4.conf.all.src_valid_mark=1");
    run("ip route add 203.0.113.0/24 via 10.1.0.2 table 101");
    const auto accepted_with = [&](std::string_view selector, std::uint8_t tos, std::uint32_t mark) {
        run("ip rule add " + std::string{selector} + " table 101 pref 10");
        m_mark = 0;
        EXPECT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
        m_mark = mark;
        const int error = use_hint("203.0.113.9", "10.0.0.1", tos);
        run("ip rule del pref 10");
        m_mark = 0;
        return error;
    };
    EXPECT_EQ(accepted_with("dscp 0x2c", 0x10, 0), 0);
    EXPECT_EQ(accepted_with("dscp 0x2c", 0xb1, 0), -EXDEV) << "leads through nic1";
    EXPECT_EQ(accepted_with("from 10.0.0.7", 0, 0), 0);
    EXPECT_EQ(accepted_with("from 10.0.0.1", 0, 0), -EXDEV);
    EXPECT_EQ(accepted_with("fwmark 7", 0, 8), 0);
    EXPECT_EQ(accepted_with("fwmark 7", 0, 7), -EXDEV);
}

}  // namespace
}  // namespace rxpath
