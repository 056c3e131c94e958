#include "routing_fixture.h"

namespace rxpath {
namespace {

class dst_life_cycle : public routing_fixture {};

TEST_F(dst_life_cycle, FirstPacketAllocatesAndTheNextHopKeepsTheRoute) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    EXPECT_EQ(m_skb.routed_by, route_source::allocated);
    EXPECT_EQ(routed().dst.__rcuref.read(), 2u);  // the packet's and the next hop's
    auto* first = &routed();
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    EXPECT_EQ(m_skb.routed_by, route_source::nexthop_cache);
    EXPECT_EQ(&routed(), first);
    EXPECT_TRUE(skb_dst_is_noref(m_skb));
}

TEST_F(dst_life_cycle, NewGenerationReplacesTheCachedRouteAndListsTheOldOne) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    auto& old_route = routed();
    dst_hold(old_route.dst);  // as a socket does
    m_routing.rt_cache_flush();
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    EXPECT_EQ(m_skb.routed_by, route_source::allocated);
    EXPECT_NE(&routed(), &old_route);
    EXPECT_EQ(m_routing.uncached().size(), 1u);
    EXPECT_EQ(old_route.dst.rt_uncached_list, &m_routing.uncached());
    dst_release(m_context, &old_route.dst);
    EXPECT_EQ(m_routing.uncached().size(), 0u);
}

TEST_F(dst_life_cycle, MemoryOfADeadRouteWaitsForTheEndOfTheRun) {
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    auto* old_route = &routed();
    drop();
    m_routing.rt_cache_flush();
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    EXPECT_EQ(m_routing.slab().waiting(), 1u);
    EXPECT_NE(&routed(), old_route);
    drop();
    m_routing.rcu_quiescent_state();
    EXPECT_EQ(m_routing.slab().waiting(), 0u);
    m_routing.rt_cache_flush();
    ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
    EXPECT_EQ(&routed(), old_route);  // its place is used again
}

TEST_F(dst_life_cycle, DeletedRouteKillsWhatItsNextHopCached) {
    run("sysctl net.ipv4.ip_forward=1");
    run("ip route add 192.0.2.0/24 via 10.0.0.7");
    ASSERT_EQ(route("10.0.0.9", "192.0.2.1"), 0);
    auto& dst = routed().dst;
    run("ip route del 192.0.2.0/24");
    EXPECT_EQ(dst.obsolete, dst_obsolete::dead);
    EXPECT_EQ(dst.__rcuref.read(), 1u);  // the packet's
}

TEST_F(dst_life_cycle, FlushedDeviceTakesItsUncachedRoutes) {
    run("sysctl net.ipv4.ip_forward=1");
    ASSERT_EQ(route("10.0.0.9", "198.51.100.1"), 0);
    auto& dst = routed().dst;
    rt_add_uncached_list(m_context, routed());
    rt_flush_dev(m_routing.uncached(), device("nic0"));
    EXPECT_EQ(dst.obsolete, dst_obsolete::dead);
    EXPECT_EQ(m_routing.uncached().size(), 0u);
}

TEST_F(dst_life_cycle, SteadyStateAllocatesNothing) {
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(route("10.0.0.2", "10.0.0.1"), 0);
        m_routing.rt_cache_flush();
        m_routing.rcu_quiescent_state();
    }
    drop();
    m_routing.rcu_quiescent_state();
    EXPECT_EQ(m_routing.slab().in_use(), 1u);
}

}  // namespace
}  // namespace rxpath
