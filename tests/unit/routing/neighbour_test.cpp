// What is sent to a neighbour that does not answer waits for it, and keeps its dst alive.
#include "models/routing/neighbour.h"

#include "routing_fixture.h"

namespace rxpath {
namespace {

const ipv4_address nexthop{0x0a000007};  // 10.0.0.7

class neighbour_queue : public routing_fixture {
protected:
    neighbour_queue() {
        run("sysctl net.ipv4.ip_forward=1");
        run("ip route add 192.0.2.0/24 via 10.0.0.7");
        m_routing.neighbours().nobody_answers();
    }
    // True: the packet was sent.
    bool send() {
        EXPECT_EQ(route("10.0.0.9", "192.0.2.1"), 0);
        m_skb.truesize = 768;
        return m_routing.neigh_output(m_context, m_skb, nexthop);
    }
    std::size_t waiting() { return m_routing.neighbours().lookup(device("nic0"), nexthop)->arp_queue.size(); }
    std::uint32_t references() { return routed().dst.__rcuref.read(); }
};

TEST_F(neighbour_queue, PacketWaitsAndHoldsItsDst) {
    EXPECT_FALSE(send());
    const auto first = references();
    EXPECT_FALSE(send());
    EXPECT_EQ(waiting(), 2u);
    EXPECT_EQ(references(), first);  // the first packet's own went over to the second that waits
    send();
    EXPECT_EQ(references(), first + 1);
}

TEST_F(neighbour_queue, AnswerSendsWhatWaited) {
    send();
    send();
    const auto before = references();
    run("ip neigh replace 10.0.0.7 lladdr 02:00:00:00:00:07 dev nic0");
    EXPECT_EQ(waiting(), 0u);
    EXPECT_EQ(references(), before - 2);
    EXPECT_TRUE(send());
}

TEST_F(neighbour_queue, OldestGivesRoomToTheNewest) {
    run("sysctl net.ipv4.neigh.nic0.unres_qlen_bytes=2000");
    send();
    send();
    EXPECT_TRUE(m_context.dropped.empty());
    send();
    EXPECT_EQ(waiting(), 2u);
    ASSERT_EQ(m_context.dropped.size(), 1u);
    EXPECT_EQ(m_context.dropped[0].reason, drop_reason::NEIGH_QUEUEFULL);
}

TEST_F(neighbour_queue, NobodyIsWaitedForLongerThanThreeSeconds) {
    send();
    m_routing.run_timers(m_context.now + milliseconds(2999));
    EXPECT_EQ(waiting(), 1u);
    m_routing.run_timers(m_context.now + milliseconds(3000));
    EXPECT_EQ(waiting(), 0u);
}

TEST_F(neighbour_queue, DeviceThatGoesDownForgetsItsNeighbours) {
    send();
    run("ip link set nic0 down");
    EXPECT_EQ(m_routing.neighbours().lookup(device("nic0"), nexthop), nullptr);
}

TEST_F(neighbour_queue, LostCarrierLeavesThePermanentOnes) {
    send();
    run("ip neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev nic0 nud permanent");
    run("ip link set nic0 carrier off");
    EXPECT_EQ(m_routing.neighbours().lookup(device("nic0"), nexthop), nullptr);
    EXPECT_NE(m_routing.neighbours().lookup(device("nic0"), {0x0a000008}), nullptr);
}

// arp_constructor() asks what kind of address it is.
TEST_F(neighbour_queue, NewNeighbourMarksTheRouteToItAsUsed) {
    add_device("nic1");
    run("ip addr add 10.1.0.1/24 dev nic1");
    run("ip link set nic1 up");
    run("ip neigh add 10.1.0.2 lladdr 02:00:00:00:00:02 dev nic1");
    const auto before = m_routing.rt_genid();
    run("ip route del 10.1.0.0/24 dev nic1");
    EXPECT_NE(m_routing.rt_genid(), before);  // only a used route's end makes cached ones invalid
}

// The dst that waits is not freed with the route that replaces it.
TEST_F(neighbour_queue, ReplacedRouteLivesForTheWaitingPacket) {
    send();
    auto& waits = routed();
    m_routing.rt_cache_flush();
    ASSERT_EQ(route("10.0.0.9", "192.0.2.1"), 0);
    EXPECT_NE(&routed(), &waits);
    EXPECT_EQ(waits.dst.__rcuref.read(), 1u);
}

// A route that was deleted dies after the grace period, not with the deletion.
TEST_F(neighbour_queue, DstOutlivesItsRouteByAGracePeriod) {
    ASSERT_EQ(route("10.0.0.9", "192.0.2.1"), 0);
    auto& dst = routed().dst;
    EXPECT_EQ(refused("ip route del 192.0.2.0/24"), "accepted");
    m_routing.run_timers(m_time);
    m_routing.run_timers(m_time + milliseconds(8));
    EXPECT_EQ(dst.obsolete, dst_obsolete::force_chk);
    m_routing.run_timers(m_time + milliseconds(12));
    EXPECT_EQ(dst.obsolete, dst_obsolete::dead);
}

TEST_F(neighbour_queue, JoinedGroupMakesCachedRoutesInvalid) {
    const auto before = m_routing.rt_genid();
    m_routing.join_group(device("nic0"), {0xef010101});
    EXPECT_EQ(m_routing.rt_genid(), before + 1);
    m_routing.join_group(device("nic0"), {0xef010101});  // it is in already
    EXPECT_EQ(m_routing.rt_genid(), before + 1);
    m_routing.leave_group(device("nic0"), {0xef010101});
    EXPECT_EQ(m_routing.rt_genid(), before + 2);
}

TEST_F(neighbour_queue, TenMessagesAreLoggedInFiveSeconds) {
    auto& ratelimit = m_routing.net_ratelimit();
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(ratelimit.allows(100));
    EXPECT_FALSE(ratelimit.allows(100 + 5 * hz));
    EXPECT_TRUE(ratelimit.allows(101 + 5 * hz));
}

}  // namespace
}  // namespace rxpath
