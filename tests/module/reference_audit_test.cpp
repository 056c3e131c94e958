// Who holds what after a run; and that the audit sees a leak of each kind.
#include "models/machine/reference_audit.h"

#include "models/routing/rt_cache.h"
#include "models/socket/tcp_ipv4.h"

#include "simulated_host.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class reference_audit : public path_fixture {
protected:
    tcp_sock& m_listener = m_net.sockets.listen(m_server);
    outside_holders m_outside{{&m_listener}, {}, {}, false};

    tcp_sock& establish() {
        auto& sk = m_net.sockets.establish(m_server, m_client, {1}, {1}, 65535);
        m_outside.open.push_back(&sk);
        return sk;
    }
    std::vector<std::string> found() { return unowned(m_net, m_outside); }
};

TEST_F(reference_audit, SocketIsALeakUntilAnApplicationHoldsIt) {
    establish();
    EXPECT_THAT(found(), IsEmpty());
    auto& sk = m_net.sockets.bind_udp({m_server.address, {53}});
    EXPECT_THAT(found(), ElementsAre(HasSubstr("10.0.0.1:53")));
    m_outside.open.push_back(&sk);
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(reference_audit, ReferenceThatNobodyHoldsIsALeak) {
    auto& sk = establish();
    sock_hold(sk);
    EXPECT_THAT(found(), ElementsAre(HasSubstr("3 references, 2 holders")));
    sock_put(m_context, sk);
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(reference_audit, ConnectionThatNoApplicationHoldsIsALeakUntilItCloses) {
    auto& sk = establish();
    m_outside.open.pop_back();
    --sk.skc_refcnt;
    EXPECT_THAT(found(), ElementsAre(HasSubstr("nobody owns it")));
    sk.skc_state = TCP_FIN_WAIT1;
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(reference_audit, SocketOfAPacketAtWorkIsHeldByIt) {
    auto& sk = establish();
    sock_hold(sk);
    fill(m_skb, tcp_packet());
    m_skb.sk = &sk;
    m_skb.destructor = sock_edemux;
    m_outside.packets.push_back(&m_skb);
    m_outside.in_softirq = true;
    EXPECT_THAT(found(), IsEmpty());
    m_outside.in_softirq = false;  // then nobody works on the packet
    EXPECT_THAT(found(), ElementsAre(HasSubstr("1 sk_buffs are not free")));
}

// Its requests hold a listener until their timers end them.
TEST_F(reference_audit, ClosedListenerLivesAsLongAsItsRequests) {
    fill(m_skb, tcp_packet(tcphdr_syn));
    m_skb.transport_header = ipv4_header_view::size;
    m_skb.pull(ipv4_header_view::size);
    tcp_v4_rcv(m_context, m_net.sockets, m_skb);
    ASSERT_EQ(m_net.sockets.request_count(), 1u);
    EXPECT_THAT(found(), IsEmpty());
    m_net.sockets.close(m_context, m_listener);
    m_outside.open.clear();
    EXPECT_THAT(found(), IsEmpty());
    m_net.sockets.run_timers(m_context, milliseconds(100'000));
    EXPECT_EQ(m_net.sockets.request_count(), 0u);
    EXPECT_EQ(m_net.sockets.connection_count(), 0u);
}

TEST_F(reference_audit, DstReferenceThatNobodyHoldsIsALeak) {
    auto& sk = establish();
    sk.sk_rx_dst = &rt_dst_alloc(m_context, m_net.routing, nic0(), rtcf_local, route_type::local).dst;
    EXPECT_THAT(found(), IsEmpty());
    dst_hold(*sk.sk_rx_dst);
    EXPECT_THAT(found(), ElementsAre(HasSubstr("dst_entry 0: 2 references, 1 holders")));
    dst_release_immediate(sk.sk_rx_dst);
}

// The address goes while data comes: early demux gives each segment the socket, and routing drops it. Then the peer
// closes.
TEST(host_references, SegmentsThatRoutingDropsGiveTheirSocketBack) {
    auto spec = make_tcp_host(400);
    spec.flows[0].interval = microseconds(5);
    spec.flows[0].packets = 200;
    spec.flows[0].close = true;
    spec.at.push_back({microseconds(300), "ip addr del 10.0.0.1/24 dev nic0"});
    spec.at.push_back({microseconds(400), "ip addr add 10.0.0.1/24 dev nic0"});
    host simulated{spec};
    simulated.run();
    EXPECT_GT(count(simulated.measured(), packet_outcome::dropped), 0u);
    EXPECT_THAT(simulated.unowned(), IsEmpty());
}

std::vector<std::string> left_by_short_connections(bool server_closes) {
    auto spec = make_tcp_host(3000);
    spec.flows[0].connections = 4;
    spec.flows[0].packets_per_connection = 5;
    spec.flows[0].server_closes = server_closes;
    spec.at.push_back({milliseconds(20), "ip route add 192.0.2.0/24 via 10.0.0.2"});
    host simulated{spec};
    simulated.run();
    EXPECT_GT(simulated.measured().connections_established, 100u);
    return simulated.unowned();
}

TEST(host_references, ConnectionsThatTheirPeersCloseLeaveNothingBehind) {
    EXPECT_THAT(left_by_short_connections(false), IsEmpty());
}

TEST(host_references, ConnectionsThatTheHostClosesLeaveNothingBehind) {
    EXPECT_THAT(left_by_short_connections(true), IsEmpty());
}

}  // namespace
}  // namespace rxpath
