// Addresses: what routes they make, and what goes with them.
#include "routing_fixture.h"

namespace rxpath {
namespace {

class ifaddr_test : public routing_fixture {
protected:
    ifaddr_test() {
        add_device("nic1");
        run("ip link set nic1 up");
        run("sysctl net.ipv4.ip_forward=1");
    }
    route_type type_of(const char* address) { return m_routing.address_type(m_context, *parse_ipv4_address(address)); }
    std::string way_to(const char* address) {
        return route("10.0.0.9", address) == 0 && routed().dst.input == dst_input::ip_forward ? routed().dst.dev->name
                                                                                              : "none";
    }
    const std::vector<in_ifaddr>& addresses() { return device("nic1").ip.ifa_list; }
};

TEST_F(ifaddr_test, PeersNetworkIsRoutedAndOnlyTheLocalAddressIsOurs) {
    run("ip route del default");
    run("ip addr add 10.3.0.1 peer 10.4.0.0/24 dev nic1");
    EXPECT_EQ(way_to("10.4.0.7"), "nic1");
    EXPECT_EQ(way_to("10.3.0.2"), "none");
    EXPECT_EQ(type_of("10.3.0.1"), route_type::local);
    EXPECT_EQ(type_of("10.4.0.1"), route_type::unicast);
}

TEST_F(ifaddr_test, SlashThirtyOneHasNoBroadcast) {
    run("ip addr add 10.5.0.0/31 dev nic1");
    EXPECT_EQ(way_to("10.5.0.1"), "nic1");
    EXPECT_EQ(type_of("10.5.0.0"), route_type::local);
}

TEST_F(ifaddr_test, SlashThirtyTwoHasNoNetwork) {
    run("ip addr add 10.6.0.1/32 dev nic1");
    EXPECT_EQ(type_of("10.6.0.1"), route_type::local);
    EXPECT_EQ(way_to("10.6.0.2"), "nic0") << "by the default route";
}

TEST_F(ifaddr_test, SecondaryAddressesGoWithTheirPrimary) {
    run("ip addr add 10.1.0.1/24 dev nic1");
    run("ip addr add 10.1.0.5/24 dev nic1");
    run("ip addr del 10.1.0.1/24 dev nic1");
    EXPECT_TRUE(addresses().empty());
    EXPECT_EQ(type_of("10.1.0.5"), route_type::unicast);
}

TEST_F(ifaddr_test, PromotedSecondaryTakesThePlaceOfItsPrimary) {
    run("sysctl net.ipv4.conf.nic1.promote_secondaries=1");
    run("ip addr add 10.1.0.1/24 dev nic1");
    run("ip addr add 10.1.0.5/24 dev nic1");
    run("ip addr add 10.1.0.6/24 dev nic1");
    run("ip addr del 10.1.0.1/24 dev nic1");
    ASSERT_EQ(addresses().size(), 2u);
    EXPECT_EQ(addresses()[0].ifa_local.to_string(), "10.1.0.5");
    EXPECT_FALSE(addresses()[0].secondary);
    EXPECT_TRUE(addresses()[1].secondary);
    EXPECT_EQ(type_of("10.1.0.1"), route_type::unicast);
    EXPECT_EQ(type_of("10.1.0.6"), route_type::local);
    EXPECT_EQ(type_of("10.1.0.255"), route_type::broadcast);
    EXPECT_EQ(way_to("10.1.0.77"), "nic1");
}

TEST_F(ifaddr_test, NetworkRouteNamesThePromotedAddressAsSource) {
    run("sysctl net.ipv4.conf.nic1.promote_secondaries=1");
    run("ip addr add 10.1.0.1/24 dev nic1");
    run("ip addr add 10.1.0.5/24 dev nic1");
    run("ip addr del 10.1.0.1/24 dev nic1");
    flowi4 flow;
    flow.daddr = *parse_ipv4_address("10.1.0.77");
    fib_result result;
    ASSERT_EQ(fib_table_lookup(m_context, *m_routing.fib_main(), flow, result, 0), 0);
    EXPECT_EQ(result.fi->fib_prefsrc.to_string(), "10.1.0.5");
}

TEST_F(ifaddr_test, AddressWithAnotherScopeInTheSameNetworkIsRefused) {
    run("ip addr add 10.1.0.1/24 dev nic1");
    EXPECT_THAT(refused("ip addr add 10.1.0.2/24 dev nic1 scope link"), testing::HasSubstr("another scope"));
}

TEST_F(ifaddr_test, RoutesWithAGoneSourceGoToo) {
    run("ip addr add 10.1.0.1/24 dev nic1");
    run("ip addr add 10.2.0.1/24 dev nic1");
    run("ip route add 172.16.0.0/16 via 10.1.0.2 src 10.2.0.1");
    run("ip addr del 10.2.0.1/24 dev nic1");
    EXPECT_EQ(way_to("172.16.0.1"), "nic0");
}

TEST_F(ifaddr_test, FlushTakesAllAddressesOfAScope) {
    run("ip addr add 10.1.0.1/24 dev nic1");
    run("ip addr add 10.1.0.2/24 dev nic1");
    run("ip addr add 10.2.0.1/24 dev nic1 scope link");
    run("ip addr flush dev nic1 scope link");
    EXPECT_EQ(addresses().size(), 2u);
    run("ip addr flush dev nic1");
    EXPECT_TRUE(addresses().empty());
}

TEST_F(ifaddr_test, MetricOfAnAddressIsItsNetworkRoutes) {
    run("ip addr add 10.1.0.1/24 dev nic1 metric 100");
    run("ip route add 10.1.0.0/24 via 10.0.0.3 metric 50");
    EXPECT_EQ(way_to("10.1.0.7"), "nic0");
    run("ip addr replace 10.1.0.1/24 dev nic1 metric 10");
    EXPECT_EQ(way_to("10.1.0.7"), "nic1");
}

TEST_F(ifaddr_test, NoPrefixRouteLeavesTheNetworkOut) {
    run("ip addr add 10.1.0.1/24 dev nic1 noprefixroute");
    EXPECT_EQ(type_of("10.1.0.1"), route_type::local);
    EXPECT_EQ(way_to("10.1.0.7"), "nic0");
}

TEST_F(ifaddr_test, DefaultsNoLongerReachADeviceWithAddresses) {
    add_device("nic2");
    run("ip addr add 10.1.0.1/24 dev nic1");
    run("sysctl net.ipv4.conf.default.rp_filter=1");
    EXPECT_EQ(device("nic1").ip.cnf.rp_filter, 0);
    EXPECT_EQ(device("nic2").ip.cnf.rp_filter, 1);
    run("sysctl net.ipv4.conf.nic2.rp_filter=2");
    run("sysctl net.ipv4.conf.default.rp_filter=0");
    EXPECT_EQ(device("nic2").ip.cnf.rp_filter, 2);
}

}  // namespace
}  // namespace rxpath
