#include "models/routing/multipath.h"

#include "routing_fixture.h"

namespace rxpath {
namespace {

// The choices were recorded from Linux 6.12.117 with this seed and these next hops, weights 1 and 2.
class multipath_test : public routing_fixture {
protected:
    multipath_test() {
        run("sysctl net.ipv4.ip_forward=1");
        run("sysctl net.ipv4.fib_multipath_hash_seed=1234");
        add_device("nic1");
        add_device("nic2");
        run("ip addr add 10.1.0.1/24 dev nic1");
        run("ip addr add 10.2.0.1/24 dev nic2");
        run("ip link set nic1 up");
        run("ip link set nic2 up");
        run("ip route add 198.51.100.0/24 nexthop via 10.1.0.2 nexthop via 10.2.0.2 weight 2");
    }
    // The number of the next hop, from 1, for a UDP datagram from 10.0.0.2.
    int choice(std::string_view to, std::uint16_t sport = 6000, std::uint16_t dport = 5000,
               std::uint8_t protocol = ipproto_udp) {
        drop();
        auto made = make_packet("10.0.0.2", to, 0, protocol);
        for (const auto byte : {sport >> 8, sport & 255, dport >> 8, dport & 255})
            m_ports.push_back(static_cast<std::uint8_t>(byte));
        std::copy(m_ports.begin(), m_ports.end(), made.bytes.begin() + 20);
        m_ports.clear();
        m_skb.fill(made, {40});
        m_skb.dev = &device("nic0");
        const auto header = m_skb.ip_hdr();
        EXPECT_EQ(ip_route_input_noref(m_context, m_routing, m_skb, header.daddr(), header.saddr(), 0, *m_skb.dev), 0);
        return routed().dst.dev == &device("nic1") ? 1 : 2;
    }
    std::vector<std::uint8_t> m_ports;
};

TEST_F(multipath_test, AddressesChoose) {
    EXPECT_EQ(choice("198.51.100.7"), 2);
    EXPECT_EQ(choice("198.51.100.10"), 2);
    EXPECT_EQ(choice("198.51.100.7", 6001), 2) << "ports do not count";
}

TEST_F(multipath_test, PortsChooseWithPolicyOne) {
    run("sysctl net.ipv4.fib_multipath_hash_policy=1");
    const std::vector<int> recorded{1, 2, 1, 2, 2, 2};
    for (std::size_t i = 0; i < recorded.size(); ++i)
        EXPECT_EQ(choice("198.51.100.7", static_cast<std::uint16_t>(6000 + i)), recorded[i]) << i;
}

TEST_F(multipath_test, ProtocolChoosesAmongTheDefaultFieldsOfPolicyThree) {
    run("sysctl net.ipv4.fib_multipath_hash_policy=3");
    EXPECT_EQ(choice("198.51.100.7"), 2);
    for (const auto* to : {"198.51.100.10", "198.51.100.11", "198.51.100.12"})
        EXPECT_EQ(choice(to, 40000, 80, ipproto_tcp), 1) << to;
}

TEST_F(multipath_test, BothDirectionsHashAlike) {
    flow_keys there{{0x0a000002}, {0xc6336407}, ipproto_udp, {6000}, {5000}, false};
    flow_keys back{{0xc6336407}, {0x0a000002}, ipproto_udp, {5000}, {6000}, false};
    EXPECT_EQ(flow_hash_from_keys_seed(there, {{1, 2}}), flow_hash_from_keys_seed(back, {{1, 2}}));
}

TEST_F(multipath_test, DeadNextHopGetsNothing) {
    run("ip link set nic2 down");
    for (const auto* to : {"198.51.100.7", "198.51.100.10", "198.51.100.11"}) EXPECT_EQ(choice(to), 1) << to;
}

TEST_F(multipath_test, NextHopWithoutCarrierGetsNothingWhereThatCounts) {
    run("ip link set nic2 carrier off");
    EXPECT_EQ(choice("198.51.100.7"), 2);
    run("sysctl net.ipv4.conf.nic2.ignore_routes_with_linkdown=1");
    run("ip link set nic2 carrier on");
    run("ip link set nic2 carrier off");
    EXPECT_EQ(choice("198.51.100.7"), 1);
}

TEST_F(multipath_test, GoneNeighbourIsPassedOverWhereNeighboursCount) {
    run("ip neigh add 10.2.0.2 dev nic2 nud failed");
    EXPECT_EQ(choice("198.51.100.7"), 2);
    run("sysctl net.ipv4.fib_multipath_use_neigh=1");
    EXPECT_EQ(choice("198.51.100.7"), 1);
    run("ip neigh replace 10.2.0.2 lladdr 02:00:00:00:00:01 dev nic2 nud reachable");
    EXPECT_EQ(choice("198.51.100.7"), 2);
}

TEST_F(multipath_test, FragmentsHaveNoPorts) {
    auto fragment = make_packet("10.0.0.2", "198.51.100.8", 0, ipproto_udp);
    fragment.bytes[6] = 0x20;
    m_skb.fill(fragment, {40});
    const auto keys = skb_flow_dissect_flow_keys(m_skb, dissect_depth::outer);
    EXPECT_EQ(keys.sport.value, 0u);
    EXPECT_EQ(keys.ip_proto, ipproto_udp);
}

TEST_F(multipath_test, InnermostFlowOfATunnel) {
    auto outer = make_packet("10.0.0.2", "198.51.100.8", 0, ipproto_ipip);
    const auto inner = make_packet("172.16.0.1", "172.16.0.2");
    std::copy(inner.bytes.begin(), inner.bytes.begin() + 20, outer.bytes.begin() + 20);
    m_skb.fill(outer, {40});
    EXPECT_EQ(skb_flow_dissect_flow_keys(m_skb, dissect_depth::outer).src.to_string(), "10.0.0.2");
    EXPECT_EQ(skb_flow_dissect_flow_keys(m_skb, dissect_depth::inner).src.to_string(), "172.16.0.1");
}

}  // namespace
}  // namespace rxpath
