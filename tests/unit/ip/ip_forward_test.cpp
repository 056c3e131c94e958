// ip_forward(): which packets a router passes on.
#include "models/ip/ip_forward.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/routing/ip_rt_update.h"
#include "routed_packet_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ip_forward_packet : public routed_packet_fixture {
protected:
    void forward(sk_buff& skb) { ip_forward(m_context, m_net, skb); }
    void expect_dropped(drop_reason reason) {
        EXPECT_FALSE(m_skb.forwarded);
        EXPECT_EQ(calls_of(fn::ip_output), 0u);
        EXPECT_THAT(drops(), ElementsAre(reason));
    }
};

TEST_F(ip_forward_packet, GoesOutAgain) {
    forward(route("10.1.0.9"));
    EXPECT_TRUE(m_skb.forwarded);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::forwarded));
    EXPECT_EQ(calls_of(fn::ip_forward_finish), 1u);
    EXPECT_THAT(drops(), IsEmpty());
}

TEST_F(ip_forward_packet, LastHopOfItsTimeToLiveIsTold) {
    route("10.1.0.9").head[8] = 1;
    forward(m_skb);
    expect_dropped(drop_reason::IP_INHDR);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
}

TEST_F(ip_forward_packet, TimeToLiveOfTwoIsEnough) {
    route("10.1.0.9").head[8] = 2;
    forward(m_skb);
    EXPECT_TRUE(m_skb.forwarded);
}

TEST_F(ip_forward_packet, AsLongAsTheMtuFits) {
    run("ip link set nic1 mtu 1000");
    forward(route("10.1.0.9", 960));  // with 40 bytes of headers
    EXPECT_TRUE(m_skb.forwarded);
}

TEST_F(ip_forward_packet, LongerThanTheMtuAndUnfragmentableIsTold) {
    run("ip link set nic1 mtu 1000");
    forward(route("10.1.0.9", 961));
    expect_dropped(drop_reason::PKT_TOO_BIG);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
}

TEST_F(ip_forward_packet, LongerThanTheMtuButFragmentableGoes) {
    run("ip link set nic1 mtu 1000");
    route("10.1.0.9", 961).head[6] = 0;  // no DF
    forward(m_skb);
    EXPECT_TRUE(m_skb.forwarded);
}

TEST_F(ip_forward_packet, StrictSourceRouteAllowsNoGateway) {
    run("ip route add 192.0.2.0/24 via 10.1.0.2");
    route("192.0.2.1").ip_cb.is_strictroute = true;
    forward(m_skb);
    expect_dropped(drop_reason::NOT_SPECIFIED);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
    route("10.1.0.9").ip_cb.is_strictroute = true;
    forward(m_skb);
    EXPECT_TRUE(m_skb.forwarded);
}

TEST_F(ip_forward_packet, SourceRouteIsNotRedirected) {
    route("10.1.0.9").ip_cb.flags |= ipskb_doredirect;
    m_skb.ip_cb.srr = 20;
    forward(m_skb);
    EXPECT_EQ(calls_of(fn::ip_rt_send_redirect), 0u);
}

TEST_F(ip_forward_packet, DeviceWithoutCarrierDropsIt) {
    run("ip link set nic1 carrier off");
    forward(route("10.1.0.9"));
    EXPECT_FALSE(m_skb.forwarded);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::QDISC_DROP));
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(ip_forward_packet, FrameForAGroupIsNotForwarded) {
    route("10.1.0.9").pkt_type = packet_type::multicast;
    forward(m_skb);
    expect_dropped(drop_reason::NOT_SPECIFIED);
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(ip_forward_packet, OneThatEarlyDemuxGaveASocketIsNotForwarded) {
    route("10.1.0.9").sk = &m_net.sockets.listen(m_server);
    forward(m_skb);
    expect_dropped(drop_reason::NOT_SPECIFIED);
    m_skb.sk = nullptr;
}

// ip_rt_send_redirect(): the first at once, the second after 2^1 times ip_rt_redirect_load (20 ms), not before.
TEST_F(ip_forward_packet, RedirectsAreSentEverMoreSeldom) {
    const auto redirected = [&](picoseconds later) {
        m_context.now += later;
        route("10.1.0.9").ip_cb.flags |= ipskb_doredirect;
        forward(m_skb);
        return calls_of(fn::__icmp_send) == 1;
    };
    EXPECT_TRUE(redirected({}));
    EXPECT_FALSE(redirected(milliseconds(36)));
    EXPECT_TRUE(redirected(milliseconds(8)));
    EXPECT_TRUE(m_skb.forwarded);  // redirected or not
}

TEST_F(ip_forward_packet, RedirectsStopAfterNineUntilTheSenderWasQuiet) {
    std::size_t told = 0;
    const auto redirect_after = [&](picoseconds later) {
        m_context.now += later;
        route("10.1.0.9").ip_cb.flags |= ipskb_doredirect;
        forward(m_skb);
        told += calls_of(fn::__icmp_send);
    };
    for (int i = 0; i < 12; ++i) redirect_after(milliseconds(10'300));  // 20 ms << 9 at most between the first nine
    EXPECT_EQ(told, 9u);
    redirect_after(milliseconds(20'500));
    EXPECT_EQ(told, 10u);
}

TEST_F(ip_forward_packet, NobodyIsToldOfABetterWayWhereRedirectsAreOff) {
    run("sysctl net.ipv4.conf.all.send_redirects=0");
    run("sysctl net.ipv4.conf.nic1.send_redirects=0");
    route("10.1.0.9").ip_cb.flags |= ipskb_doredirect;
    forward(m_skb);
    EXPECT_EQ(calls_of(fn::ip_rt_send_redirect), 1u);
    EXPECT_EQ(calls_of(fn::__icmp_send), 0u);
}

TEST_F(ip_forward_packet, MtuOfTheRouteCounts) {
    run("ip route add 172.16.0.0/16 via 10.1.0.2 mtu 1000");
    forward(route("172.16.0.1", 961));
    expect_dropped(drop_reason::PKT_TOO_BIG);
}

TEST_F(ip_forward_packet, LearntPathMtuCountsOnlyWhereToldTo) {
    flowi4 flow;
    flow.daddr = *parse_ipv4_address("10.1.0.9");
    ipv4_update_pmtu(m_context, m_net.routing, flow, 1000);
    forward(route("10.1.0.9", 961));
    EXPECT_TRUE(m_skb.forwarded);
    run("sysctl net.ipv4.ip_forward_use_pmtu=1");
    forward(route("10.1.0.9", 961));
    expect_dropped(drop_reason::PKT_TOO_BIG);
}

TEST_F(ip_forward_packet, LockedPathMtuAlwaysCounts) {
    flowi4 flow;
    flow.daddr = *parse_ipv4_address("10.1.0.9");
    ipv4_update_pmtu(m_context, m_net.routing, flow, 300);
    forward(route("10.1.0.9", 600));
    expect_dropped(drop_reason::PKT_TOO_BIG);
}

}  // namespace
}  // namespace rxpath
