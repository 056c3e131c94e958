// `ip route`: where a route goes among others, which one a deletion means, what a flush takes.
#include "routing_fixture.h"

namespace rxpath {
namespace {

class route_command_test : public routing_fixture {
protected:
    route_command_test() { run("sysctl net.ipv4.ip_forward=1"); }
    std::string gateway(std::string_view to = "192.0.2.1", std::uint8_t tos = 0) {
        if (route("10.0.0.9", to, "nic0", tos) != 0 || routed().dst.input != dst_input::ip_forward) return "none";
        return routed().rt_gw4.to_string();
    }
};

TEST_F(route_command_test, PrependedRouteComesFirstAndAppendedLast) {
    run("ip route add 192.0.2.0/24 via 10.0.0.10");
    run("ip route append 192.0.2.0/24 via 10.0.0.11");
    EXPECT_EQ(gateway(), "10.0.0.10");
    run("ip route prepend 192.0.2.0/24 via 10.0.0.12");
    EXPECT_EQ(gateway(), "10.0.0.12");
    run("ip route del 192.0.2.0/24");
    run("ip route del 192.0.2.0/24");
    EXPECT_EQ(gateway(), "10.0.0.11");
}

TEST_F(route_command_test, ChangeReplacesButMakesNoNewRoute) {
    EXPECT_THAT(refused("ip route change 192.0.2.0/24 via 10.0.0.10"), testing::HasSubstr("no such route"));
    run("ip route add 192.0.2.0/24 via 10.0.0.10");
    run("ip route change 192.0.2.0/24 via 10.0.0.11");
    EXPECT_EQ(gateway(), "10.0.0.11");
}

TEST_F(route_command_test, LowerMetricAndMatchingTosWin) {
    run("ip route add 192.0.2.0/24 via 10.0.0.10 metric 20");
    run("ip route add 192.0.2.0/24 via 10.0.0.11 metric 10");
    run("ip route add 192.0.2.0/24 via 10.0.0.12 tos 10");
    EXPECT_EQ(gateway(), "10.0.0.11");
    EXPECT_EQ(gateway("192.0.2.1", 0x10), "10.0.0.12");
    EXPECT_EQ(gateway("192.0.2.1", 0x08), "10.0.0.11");
}

TEST_F(route_command_test, DeletionFollowsWhatIsGiven) {
    run("ip route add 192.0.2.0/24 via 10.0.0.10 metric 10 mtu 1400");
    run("ip route add 192.0.2.0/24 via 10.0.0.11 metric 20");
    EXPECT_THAT(refused("ip route del 192.0.2.0/24 via 10.0.0.10 metric 20"), testing::HasSubstr("no such route"));
    EXPECT_THAT(refused("ip route del 192.0.2.0/24 mtu 1300"), testing::HasSubstr("no such route"));
    run("ip route del 192.0.2.0/24 via 10.0.0.11");
    EXPECT_EQ(gateway(), "10.0.0.10");
    run("ip route del 192.0.2.0/24 mtu 1400");
    EXPECT_EQ(gateway(), "10.0.0.2");
}

TEST_F(route_command_test, OneNextHopOfSeveralMeansTheFirst) {
    run("ip route add 192.0.2.0/24 nexthop via 10.0.0.10 nexthop via 10.0.0.11");
    EXPECT_THAT(refused("ip route del 192.0.2.0/24 via 10.0.0.11"), testing::HasSubstr("no such route"));
    EXPECT_THAT(refused("ip route del 192.0.2.0/24 nexthop via 10.0.0.10"), testing::HasSubstr("no such route"));
    run("ip route del 192.0.2.0/24 via 10.0.0.10");
}

TEST_F(route_command_test, FlushTakesWhatItsFilterMeans) {
    run("ip route add 192.0.2.0/24 via 10.0.0.10 proto static");
    run("ip route add 192.0.2.128/25 via 10.0.0.11");
    run("ip route flush proto static");
    EXPECT_EQ(gateway("192.0.2.1"), "10.0.0.2");
    EXPECT_EQ(gateway("192.0.2.200"), "10.0.0.11");
    run("ip route flush root 192.0.2.0/24");
    EXPECT_EQ(gateway("192.0.2.200"), "10.0.0.2");
    run("ip route flush exact default");
    EXPECT_EQ(gateway(), "none");
}

TEST_F(route_command_test, LockedMtuIsNotLearntAway) {
    run("ip route add 192.0.2.0/24 via 10.0.0.10 mtu lock 1400 advmss 1000");
    EXPECT_EQ(gateway(), "10.0.0.10");
    EXPECT_EQ(dst_metric_raw(routed().dst, rtax::mtu), 1400u);
    EXPECT_EQ(dst_metric_raw(routed().dst, rtax::advmss), 1000u);
    EXPECT_TRUE(dst_metric_locked(routed().dst, rtax::mtu));
    EXPECT_FALSE(dst_metric_locked(routed().dst, rtax::advmss));
}

TEST_F(route_command_test, OnlinkGatewayNeedsNoRoute) {
    run("ip route add 192.0.2.0/24 via 172.16.0.1 dev nic0 onlink");
    EXPECT_EQ(gateway(), "172.16.0.1");
    EXPECT_THAT(refused("ip route add 192.0.3.0/24 via 10.0.0.1 dev nic0 onlink"),
                testing::HasSubstr("no address of another host"));
}

}  // namespace
}  // namespace rxpath
