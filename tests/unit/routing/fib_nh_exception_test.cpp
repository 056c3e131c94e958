#include "models/routing/fib_nh_exception.h"

#include "models/routing/ip_route_output.h"
#include "models/routing/ip_rt_update.h"
#include "models/routing/rt_cache.h"
#include "routing_fixture.h"

namespace rxpath {
namespace {

constexpr ipv4_address far{0xc6336407};  // 198.51.100.7

class fib_nh_exception_test : public routing_fixture {
protected:
    fib_nh_exception_test() { run("sysctl net.ipv4.ip_forward=1"); }

    void learn(std::uint32_t mtu, ipv4_address destination = far) {
        flowi4 flow;
        flow.daddr = destination;
        ipv4_update_pmtu(m_context, m_routing, flow, mtu);
    }
    void redirect_to(std::string_view gateway, std::string_view sender = "10.0.0.2") {
        flowi4 flow;
        flow.daddr = far;
        icmp_redirect message;
        message.code = 1;
        message.new_gateway = *parse_ipv4_address(gateway);
        message.old_gateway = *parse_ipv4_address(sender);
        message.dev = &device("nic0");
        ipv4_redirect(m_context, m_routing, flow, message);
    }
    std::uint32_t path_mtu(std::string_view to = "198.51.100.7") {
        EXPECT_EQ(route("10.0.0.9", to), 0);
        return routed().rt_pmtu;
    }
    std::string gateway() {
        EXPECT_EQ(route("10.0.0.9", "198.51.100.7"), 0);
        return routed().rt_gw4.to_string();
    }
    void wait_seconds(std::uint64_t seconds) { m_context.now.value += seconds * picoseconds_per_second; }
};

TEST_F(fib_nh_exception_test, PathMtuConcernsOneDestinationOnly) {
    learn(1000);
    EXPECT_EQ(path_mtu(), 1000u);
    EXPECT_EQ(path_mtu("198.51.100.8"), 0u);
}

TEST_F(fib_nh_exception_test, RouteIsCachedOnTheException) {
    learn(1000);
    path_mtu();
    EXPECT_EQ(m_skb.routed_by, route_source::allocated);
    path_mtu();
    EXPECT_EQ(m_skb.routed_by, route_source::nexthop_cache);
}

TEST_F(fib_nh_exception_test, NewExceptionMakesTheNextHopsRouteObsolete) {
    path_mtu("198.51.100.8");
    drop();
    learn(1000);
    path_mtu("198.51.100.8");
    EXPECT_EQ(m_skb.routed_by, route_source::allocated);
}

TEST_F(fib_nh_exception_test, CachedRoutesFollowWhatIsLearntLater) {
    learn(1000);
    path_mtu();
    learn(900);
    EXPECT_EQ(routed().rt_pmtu, 900u);
}

TEST_F(fib_nh_exception_test, TooSmallAPathIsLockedAtTheLeastMtu) {
    learn(300);
    EXPECT_EQ(path_mtu(), 552u);
    EXPECT_EQ(routed().rt_mtu_locked, 1u);
}

TEST_F(fib_nh_exception_test, LeastMtuIsASysctl) {
    run("sysctl net.ipv4.route.min_pmtu=200");
    learn(300);
    EXPECT_EQ(path_mtu(), 300u);
    EXPECT_EQ(routed().rt_mtu_locked, 0u);
}

TEST_F(fib_nh_exception_test, LargerMtuThanTheRoutesIsNoNews) {
    learn(1501);
    EXPECT_EQ(path_mtu(), 0u);
}

TEST_F(fib_nh_exception_test, PathMtuIsForgottenAfterTenMinutes) {
    learn(1000);
    wait_seconds(600);
    EXPECT_EQ(path_mtu(), 1000u);
    wait_seconds(1);
    EXPECT_EQ(path_mtu(), 0u);
}

TEST_F(fib_nh_exception_test, FlushedCacheForgetsThePath) {
    learn(1000);
    path_mtu();
    run("ip route flush cache");
    EXPECT_EQ(path_mtu(), 0u);
}

TEST_F(fib_nh_exception_test, PathMtuFollowsASmallerDevice) {
    learn(1000);
    run("ip link set nic0 mtu 900");
    EXPECT_EQ(path_mtu(), 900u);
}

TEST_F(fib_nh_exception_test, PathMtuLimitedByTheDeviceGrowsWithIt) {
    run("ip link set nic0 mtu 1400");
    learn(1400);
    run("ip link set nic0 mtu 1500");
    EXPECT_EQ(path_mtu(), 1500u);
}

TEST_F(fib_nh_exception_test, ForwardingMindsThePathOnlyWhereToldTo) {
    learn(1000);
    path_mtu();
    EXPECT_EQ(ip_dst_mtu_forward(routed().dst, 0, false), 1500u);
    EXPECT_EQ(ip_dst_mtu_forward(routed().dst, 0, true), 1000u);
    EXPECT_EQ(routed().dst.ops->mtu(routed().dst, 0), 1000u);
}

TEST_F(fib_nh_exception_test, EveryNextHopOfARouteLearns) {
    run("ip route add 198.51.100.0/24 nexthop via 10.0.0.3 nexthop via 10.0.0.4");
    learn(1000);
    std::size_t learnt = 0;
    fib_result result;
    flowi4 flow;
    flow.daddr = far;
    ASSERT_EQ(fib_table_lookup(m_context, *m_routing.fib_main(), flow, result, 0), 0);
    for (auto& nexthop : result.fi->fib_nh) learnt += find_exception(m_context, nexthop, far) ? 1 : 0;
    EXPECT_EQ(learnt, 2u);
}

TEST_F(fib_nh_exception_test, ChainsStayShort) {
    for (std::uint32_t i = 0; i < 30000; ++i) learn(1000, {0x14000000 + i});
    fib_result result;
    flowi4 flow;
    flow.daddr = far;
    ASSERT_EQ(fib_table_lookup(m_context, *m_routing.fib_main(), flow, result, 0), 0);
    std::size_t longest = 0;
    for (const auto& chain : result.nhc->nhc_exceptions->buckets) longest = std::max(longest, chain.size());
    EXPECT_LE(longest, 10u);  // FNHE_RECLAIM_DEPTH, up to 4 more at random, and the one just added
    EXPECT_GE(longest, 6u);
}

TEST_F(fib_nh_exception_test, RedirectFromTheGatewayIsBelieved) {
    run("ip neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev nic0 nud permanent");
    run("sysctl net.ipv4.conf.all.accept_redirects=1");
    redirect_to("10.0.0.7");
    EXPECT_EQ(gateway(), "10.0.0.7");
    EXPECT_NE(routed().rt_flags & rtcf_redirected, 0u);
}

TEST_F(fib_nh_exception_test, RedirectOfARouterWithoutBothSettingsIsIgnored) {
    run("ip neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev nic0 nud permanent");
    redirect_to("10.0.0.7");
    EXPECT_EQ(gateway(), "10.0.0.2");
}

TEST_F(fib_nh_exception_test, RedirectFromAnotherThanTheGatewayIsIgnored) {
    run("sysctl net.ipv4.conf.all.accept_redirects=1");
    run("ip neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev nic0 nud permanent");
    redirect_to("10.0.0.7", "10.0.0.9");
    EXPECT_EQ(gateway(), "10.0.0.2");
}

TEST_F(fib_nh_exception_test, RedirectToAnUnknownNeighbourWaits) {
    run("sysctl net.ipv4.conf.all.accept_redirects=1");
    redirect_to("10.0.0.7");
    EXPECT_EQ(gateway(), "10.0.0.2");
}

TEST_F(fib_nh_exception_test, RedirectToOurselvesIsIgnored) {
    run("sysctl net.ipv4.conf.all.accept_redirects=1");
    run("ip neigh add 10.0.0.1 lladdr 02:00:00:00:00:07 dev nic0 nud permanent");
    redirect_to("10.0.0.1");
    EXPECT_EQ(gateway(), "10.0.0.2");
}

TEST_F(fib_nh_exception_test, OutputRouteIsSharedAndReferenced) {
    flowi4 flow;
    flow.daddr = far;
    auto* first = ip_route_output_key(m_context, m_routing, flow);
    auto* second = ip_route_output_key(m_context, m_routing, flow);
    ASSERT_TRUE(first);
    EXPECT_EQ(first, second);
    EXPECT_EQ(first->dst.__rcuref.read(), 3u) << "the next hop's and the two callers'";
    dst_release(m_context, &first->dst);
    dst_release(m_context, &second->dst);
    flow.saddr = {0x01020304};
    EXPECT_FALSE(ip_route_output_key(m_context, m_routing, flow)) << "not an address of this host";
}

}  // namespace
}  // namespace rxpath
