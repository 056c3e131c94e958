// What of a packet is part of the key that routes and rules are compared with: DSCP without ECN, ports, marks.
#include <cerrno>

#include "routing_fixture.h"

namespace rxpath {
namespace {

class lookup_key : public routing_fixture {
protected:
    lookup_key() {
        run("sysctl net.ipv4.ip_forward=1");
        add_device("nic1");
        run("ip addr add 10.1.0.1/24 dev nic1");
        run("ip link set nic1 up");
        run("ip route add default via 10.0.0.50 table 100");
    }
    std::string gateway(std::uint8_t tos) {
        EXPECT_EQ(route("10.0.0.9", "192.0.2.1", "nic0", tos), 0);
        return routed().rt_gw4.to_string();
    }
    // By which gateway a packet with these ports is forwarded.
    std::string gateway_of_ports(std::uint16_t sport, std::uint16_t dport) {
        drop();
        auto made = make_packet("10.0.0.9", "192.0.2.1");
        made.bytes[20] = static_cast<std::uint8_t>(sport >> 8), made.bytes[21] = static_cast<std::uint8_t>(sport);
        made.bytes[22] = static_cast<std::uint8_t>(dport >> 8), made.bytes[23] = static_cast<std::uint8_t>(dport);
        m_skb.fill(made, {40});
        m_skb.dev = &device("nic0");
        const auto header = m_skb.ip_hdr();
        EXPECT_EQ(ip_route_input_noref(m_context, m_routing, m_skb, header.daddr(), header.saddr(), 0, *m_skb.dev), 0);
        return routed().rt_gw4.to_string();
    }
};

// A route's TOS and a rule's `tos` are compared under IPTOS_RT_MASK (0x1c): neither the two ECN bits nor the three of
// what was once precedence count.
TEST_F(lookup_key, TosOfARouteIsComparedWithoutPrecedenceAndEcn) {
    run("ip route add 192.0.2.0/24 tos 0x10 via 10.0.0.60");
    for (const auto tos : std::vector<std::uint8_t>{0x10, 0x11, 0x12, 0x13, 0x30, 0xf0})
        EXPECT_EQ(gateway(tos), "10.0.0.60") << +tos;
    for (const auto tos : std::vector<std::uint8_t>{0x00, 0x08, 0x14, 0x18, 0x94})
        EXPECT_EQ(gateway(tos), "10.0.0.2") << +tos;
}

TEST_F(lookup_key, TosOfARuleIsComparedWithoutPrecedenceAndEcn) {
    run("ip rule add tos 0x10 table 100");
    for (const auto tos : std::vector<std::uint8_t>{0x10, 0x11, 0x12, 0x13, 0x30, 0xf0})
        EXPECT_EQ(gateway(tos), "10.0.0.50") << +tos;
    for (const auto tos : std::vector<std::uint8_t>{0x00, 0x08, 0x14, 0x18})
        EXPECT_EQ(gateway(tos), "10.0.0.2") << +tos;
}

// `dscp` compares all six bits of it, still without ECN.
TEST_F(lookup_key, DscpOfARuleIsComparedAsAWholeWithoutEcn) {
    run("ip rule add dscp 0x2c table 100");  // 0xb0 in the header's octet
    for (const auto tos : std::vector<std::uint8_t>{0xb0, 0xb1, 0xb2, 0xb3})
        EXPECT_EQ(gateway(tos), "10.0.0.50") << +tos;
    for (const auto tos : std::vector<std::uint8_t>{0x10, 0x30, 0x90, 0xa0, 0xb4})
        EXPECT_EQ(gateway(tos), "10.0.0.2") << +tos;
}

TEST_F(lookup_key, SourcePortsOfARuleIncludeBothEnds) {
    run("ip rule add sport 1000-1010 table 100");
    EXPECT_EQ(gateway_of_ports(999, 1005), "10.0.0.2");
    EXPECT_EQ(gateway_of_ports(1000, 1), "10.0.0.50");
    EXPECT_EQ(gateway_of_ports(1010, 1), "10.0.0.50");
    EXPECT_EQ(gateway_of_ports(1011, 1005), "10.0.0.2");
}

TEST_F(lookup_key, DestinationPortsOfARuleIncludeBothEnds) {
    run("ip rule add dport 1000-1010 table 100");
    EXPECT_EQ(gateway_of_ports(1005, 999), "10.0.0.2");
    EXPECT_EQ(gateway_of_ports(1, 1000), "10.0.0.50");
    EXPECT_EQ(gateway_of_ports(1, 1010), "10.0.0.50");
    EXPECT_EQ(gateway_of_ports(1005, 1011), "10.0.0.2");
}

TEST_F(lookup_key, MaskOfAMarkMayHaveMoreBitsThanTheMark) {
    run("ip rule add fwmark 0x1/0xf table 100");
    m_mark = 0x3;  // has the mark's bit, and one more under the mask
    EXPECT_EQ(gateway(0), "10.0.0.2");
}

TEST_F(lookup_key, SourceOfARuleIsAPrefix) {
    run("ip rule add from 10.0.0.8/31 table 100");
    EXPECT_EQ(gateway(0), "10.0.0.50");
}

// The kernel's table of rules' actions: what each answers.
TEST_F(lookup_key, RuleThatRefusesHasItsError) {
    for (const auto& [action, error] :
         {std::pair{"blackhole", EINVAL}, {"unreachable", ENETUNREACH}, {"prohibit", EACCES}}) {
        run(std::string{"ip rule add to 192.0.2.0/24 pref 10 "} + action);
        ASSERT_EQ(route("10.0.0.9", "192.0.2.1"), 0) << action;
        EXPECT_EQ(routed().dst.error, error) << action;
        run("ip rule del pref 10");
    }
}

TEST_F(lookup_key, NoRuleThatAnswersIsNetUnreachable) {
    run("ip rule del table main");
    run("ip rule del table default");
    ASSERT_EQ(route("10.0.0.9", "192.0.2.1"), 0);
    EXPECT_EQ(routed().dst.error, ENETUNREACH);
}

// The question about the way back to the sender: his address is the destination, the ports change places, the device
// that the packet would leave through is the one that it came in through.
class way_back : public lookup_key {
protected:
    way_back() { run("sysctl net.ipv4.conf.all.rp_filter=1"); }
    // A packet from beyond the default route, through nic1: accepted only where a rule leads back there.
    int through_nic1(std::uint8_t tos = 0) { return route("203.0.113.9", "10.1.0.1", "nic1", tos); }
};

TEST_F(way_back, HasTheSameDscp) {
    run("ip route add default via 10.1.0.2 table 101");
    run("ip rule add dscp 0x2c table 101");
    EXPECT_EQ(through_nic1(0xb1), 0);
    EXPECT_EQ(through_nic1(0x10), -EXDEV);
}

TEST_F(way_back, BeginsAtTheAddressThatThePacketWasFor) {
    run("ip route add default via 10.1.0.2 table 101");
    run("ip rule add from 10.1.0.1 table 101");
    EXPECT_EQ(through_nic1(), 0);
    EXPECT_EQ(route("203.0.113.9", "10.0.0.1", "nic1"), -EXDEV);
}

TEST_F(way_back, IsAskedAsIfThisHostSentThePacket) {
    run("ip route add default via 10.1.0.2 table 101");
    run("ip rule add iif lo table 101");
    EXPECT_EQ(through_nic1(), 0);
}

TEST_F(way_back, HasThePortsInEachOthersPlace) {
    run("ip route add default via 10.1.0.2 table 101");
    run("ip rule add sport 80 dport 4000 table 101");
    const auto from_port = [&](std::uint16_t sport, std::uint16_t dport) {
        drop();
        auto made = make_packet("203.0.113.9", "10.1.0.1");
        made.bytes[20] = static_cast<std::uint8_t>(sport >> 8), made.bytes[21] = static_cast<std::uint8_t>(sport);
        made.bytes[22] = static_cast<std::uint8_t>(dport >> 8), made.bytes[23] = static_cast<std::uint8_t>(dport);
        m_skb.fill(made, {40});
        m_skb.dev = &device("nic1");
        const auto header = m_skb.ip_hdr();
        return ip_route_input_noref(m_context, m_routing, m_skb, header.daddr(), header.saddr(), 0, *m_skb.dev);
    };
    EXPECT_EQ(from_port(4000, 80), 0);
    EXPECT_EQ(from_port(80, 4000), -EXDEV);
}

// The second of two next hops leads back, too.
TEST_F(way_back, MayLeadThroughAnyNextHop) {
    run("ip route add 203.0.113.0/24 nexthop via 10.0.0.2 nexthop via 10.1.0.2");
    EXPECT_EQ(through_nic1(), 0);
}

// A device without an address has no way back that could be compared: only the filter refuses.
TEST_F(way_back, DeviceWithoutAnAddressIsRefusedByTheLooseFilterToo) {
    run("sysctl net.ipv4.conf.all.rp_filter=2");
    EXPECT_EQ(through_nic1(), 0);
    run("ip addr del 10.1.0.1/24 dev nic1");
    EXPECT_EQ(route("203.0.113.9", "10.0.0.1", "nic1"), -EXDEV);
}

}  // namespace
}  // namespace rxpath
