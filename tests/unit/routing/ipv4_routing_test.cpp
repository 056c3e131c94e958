// Which change of configuration makes cached routes invalid.
#include "models/routing/icmp_route_lookup.h"
#include "routing_fixture.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

class ipv4_routing_test : public routing_fixture {
protected:
    bool flushes(std::string_view command) {
        const auto before = m_routing.rt_genid();
        run(command);
        return m_routing.rt_genid() != before;
    }
};

TEST_F(ipv4_routing_test, NewRouteMakesANewGeneration) {
    EXPECT_TRUE(flushes("ip route add 192.0.2.0/24 via 10.0.0.2"));
}

TEST_F(ipv4_routing_test, DeletingAnUnusedRouteKeepsTheGeneration) {
    run("ip route add 192.0.2.0/24 via 10.0.0.2");
    EXPECT_FALSE(flushes("ip route del 192.0.2.0/24"));
}

TEST_F(ipv4_routing_test, DeletingAUsedRouteMakesANewGeneration) {
    run("ip route add 192.0.2.0/24 via 10.0.0.2");
    m_routing.note_output_lookup(*parse_ipv4_address("192.0.2.1"));
    EXPECT_TRUE(flushes("ip route del 192.0.2.0/24"));
}

TEST_F(ipv4_routing_test, CommandsThatMakeANewGeneration) {
    for (const auto* command : {"ip route flush cache", "ip addr add 10.9.0.1/24 dev nic0", "ip link set nic0 mtu 1400",
                                "ip link set nic0 down", "ip link set nic0 up", "ip addr del 10.9.0.1/24 dev nic0",
                                "sysctl net.ipv4.ip_forward=1", "sysctl net.ipv4.conf.nic0.route_localnet=1",
                                "sysctl net.ipv4.conf.all.bc_forwarding=1"})
        EXPECT_TRUE(flushes(command)) << command;
}

TEST_F(ipv4_routing_test, CommandsThatKeepTheGeneration) {
    for (const auto* command : {"sysctl net.ipv4.tcp_early_demux=0", "sysctl net.ipv4.conf.all.rp_filter=1",
                                "ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:99 dev nic0 nud permanent",
                                "ip link set nic0 up", "sysctl net.ipv4.conf.all.accept_local=1"})
        EXPECT_FALSE(flushes(command)) << command;
    EXPECT_TRUE(flushes("sysctl net.ipv4.conf.all.accept_local=0"));
}

TEST_F(ipv4_routing_test, ForwardingReachesAllDevicesAndThoseToCome) {
    run("sysctl net.ipv4.ip_forward=1");
    EXPECT_EQ(device("nic0").ip.cnf.forwarding, 1);
    EXPECT_EQ(m_sysctls.devconf_all.accept_redirects, 0);
    EXPECT_EQ(add_device("nic1").ip.cnf.forwarding, 1);
}

TEST_F(ipv4_routing_test, LoopbackIsTheFirstDevice) {
    EXPECT_EQ(device("lo").ifindex, 1);
    EXPECT_EQ(device("lo").ip.ifa_list.front().ifa_local.to_string(), "127.0.0.1");
}

TEST_F(ipv4_routing_test, IcmpErrorLeavesTheWayBackInTheCache) {
    run("sysctl net.ipv4.ip_forward=1");
    add_device("nic1");
    run("ip addr add 10.1.0.1/24 dev nic1");
    run("ip link set nic1 up");
    run("ip route add 198.51.100.0/24 via 10.1.0.2");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    ASSERT_TRUE(icmp_route_lookup(m_context, m_routing, m_skb, {}));
    ASSERT_EQ(route("198.51.100.1", "10.0.0.9", "nic1"), 0);
    EXPECT_EQ(m_skb.routed_by, route_source::nexthop_cache);
}

// As when the way of a segment asks whose an address is.
TEST_F(ipv4_routing_test, QuietLookupInsideAnotherLeavesItsTraceAlone) {
    auto outer = m_routing.quiet({});
    {
        kernel_call here{outer.trace, fn::fib_table_lookup};
        ASSERT_TRUE(m_routing.route_output(*parse_ipv4_address("10.0.0.2")));
        EXPECT_FALSE(outer.trace.complete());
    }
    EXPECT_TRUE(outer.trace.complete());
}

}  // namespace
}  // namespace rxpath
