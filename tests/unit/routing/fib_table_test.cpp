#include "routing_fixture.h"

namespace rxpath {
namespace {

class fib_table_test : public routing_fixture {
protected:
    fib_table_test() {
        run("sysctl net.ipv4.ip_forward=1");
        add_device("nic1");
        run("ip addr add 10.1.0.1/24 dev nic1");
        run("ip link set nic1 up");
    }
    // The gateway of the route a packet to 192.0.2.1 takes.
    std::string gateway(std::uint8_t tos = 0) {
        if (route("10.0.0.9", "192.0.2.1", "nic0", tos) != 0 || routed().dst.input != dst_input::ip_forward)
            return "none";
        return routed().rt_gw4.to_string();
    }
};

TEST_F(fib_table_test, LowerMetricWins) {
    run("ip route add 192.0.2.0/24 via 10.1.0.5 metric 20");
    run("ip route add 192.0.2.0/24 via 10.1.0.6 metric 10");
    EXPECT_EQ(gateway(), "10.1.0.6");
    run("ip route del 192.0.2.0/24 metric 10");
    EXPECT_EQ(gateway(), "10.1.0.5");
}

TEST_F(fib_table_test, RouteWithTosTakesItsPacketsOnly) {
    run("ip route add 192.0.2.0/24 via 10.1.0.5");
    run("ip route add 192.0.2.0/24 tos 0x10 via 10.1.0.6");
    EXPECT_EQ(gateway(0x10), "10.1.0.6");
    EXPECT_EQ(gateway(0), "10.1.0.5");
}

TEST_F(fib_table_test, SameRouteTwiceIsRefused) {
    run("ip route add 192.0.2.0/24 via 10.1.0.5");
    EXPECT_THAT(refused("ip route add 192.0.2.0/24 via 10.1.0.6"), testing::HasSubstr("exists already"));
    EXPECT_EQ(gateway(), "10.1.0.5");
}

TEST_F(fib_table_test, ReplaceTakesTheOldRoutesPlace) {
    run("ip route add 192.0.2.0/24 via 10.1.0.5");
    run("ip route replace 192.0.2.0/24 via 10.1.0.6");
    EXPECT_EQ(gateway(), "10.1.0.6");
    run("ip route del 192.0.2.0/24");
    EXPECT_EQ(gateway(), "10.0.0.2");  // default
}

TEST_F(fib_table_test, ThrowEndsTheLookupInItsTable) {
    run("ip route add throw 192.0.2.0/24");
    EXPECT_EQ(route("10.0.0.9", "192.0.2.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_error);
}

TEST_F(fib_table_test, LinkDownTakesTheRoutesThroughIt) {
    run("ip route add 192.0.2.0/24 via 10.1.0.5");
    run("ip link set nic1 down");
    EXPECT_EQ(gateway(), "10.0.0.2");
    EXPECT_EQ(route("10.0.0.9", "10.1.0.1"), 0);
    EXPECT_EQ(routed().dst.input, dst_input::ip_local_deliver) << "a local address stays when its device goes down";
}

TEST_F(fib_table_test, RoutesWithoutCarrierAreSkippedWhereThatIsAskedFor) {
    run("ip route add 192.0.2.0/24 via 10.1.0.5");
    run("ip link set nic1 carrier off");
    EXPECT_EQ(gateway(), "10.1.0.5");
    run("sysctl net.ipv4.conf.all.ignore_routes_with_linkdown=1");
    EXPECT_EQ(gateway(), "10.0.0.2");
}

TEST_F(fib_table_test, EqualRoutesShareOneFibInfoAndItsCache) {
    run("routes sequential from 20.0.0.0 count 100 plen 24 via 10.1.0.5");
    ASSERT_EQ(route("10.0.0.9", "20.0.0.1"), 0);
    EXPECT_EQ(m_skb.routed_by, route_source::allocated);
    ASSERT_EQ(route("10.0.0.9", "20.0.77.1"), 0);
    EXPECT_EQ(m_skb.routed_by, route_source::nexthop_cache);
}

TEST_F(fib_table_test, MultipathSpreadsFlowsByWeight) {
    run("ip route add 192.0.2.0/24 nexthop via 10.1.0.5 weight 3 nexthop via 10.1.0.6 weight 1");
    int first = 0;
    for (int i = 1; i <= 200; ++i) {
        ASSERT_EQ(route("10.0.0." + std::to_string(i % 250 + 3), "192.0.2." + std::to_string(i)), 0);
        first += routed().rt_gw4.to_string() == "10.1.0.5" ? 1 : 0;
    }
    EXPECT_GT(first, 120);  // three quarters of 200, give or take
    EXPECT_LT(first, 180);
}

TEST_F(fib_table_test, SecondAddressOfANetworkIsSecondaryAndGoesWithTheFirst) {
    run("ip addr add 10.1.0.9/24 dev nic1");
    EXPECT_TRUE(device("nic1").ip.ifa_list.back().secondary);
    run("ip addr del 10.1.0.1/24 dev nic1");
    EXPECT_TRUE(device("nic1").ip.ifa_list.empty());
    EXPECT_EQ(route("10.0.0.9", "10.1.0.9"), 0);
    EXPECT_NE(routed().dst.input, dst_input::ip_local_deliver);
}

}  // namespace
}  // namespace rxpath
