// Where TCP's own packets go, and what becomes of them where there is no way.
#include "models/socket/tcp_route.h"

#include "models/base/kernel_functions/socket.h"
#include "models/socket/tcp_ipv4.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t client_isn = 1000, server_isn = 5000;

class tcp_route : public path_fixture {
protected:
    const endpoint m_far{*parse_ipv4_address("198.51.100.7"), {40000}};
    tcp_sock& m_listener = m_net.sockets.listen(m_server);

    void receive(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0, std::uint64_t payload = 0) {
        forget();
        tcp_segment segment;
        segment.from = m_far;
        segment.to = m_server;
        segment.seq = {seq};
        segment.ack_seq = {ack};
        segment.flags = flags;
        segment.payload = {payload};
        packet made;
        build_tcp(made, segment, 1);
        fill(m_skb, made);
        m_skb.transport_header = ipv4_header_view::size;
        m_skb.pull(ipv4_header_view::size);
        tcp_v4_rcv(m_context, m_net.sockets, m_skb);
    }
    void syn() {
        m_net.sockets.set_next_isn({server_isn});
        receive(tcphdr_syn, client_isn);
    }
    void third_packet() { receive(tcphdr_ack, client_isn + 1, server_isn + 1); }
    tcp_sock& connect() {
        syn();
        third_packet();
        return *m_net.sockets.accept(m_listener);
    }
    void expect_syn_dropped() {
        syn();
        EXPECT_THAT(sends(), IsEmpty());
        EXPECT_THAT(drops(), IsEmpty());  // the packet itself is used up
        EXPECT_EQ(m_net.sockets.request_count(), 0u);
        EXPECT_EQ(m_listener.icsk_accept_queue.qlen, 0u);
        EXPECT_EQ(m_context.counted.out_no_routes, 1u);
        EXPECT_EQ(m_context.counted.listen_drops, 1u);
        m_context.counted = {};
    }
};

TEST_F(tcp_route, SynWithoutAWayBackIsDroppedWithoutARequest) { expect_syn_dropped(); }

TEST_F(tcp_route, SynWhoseAnswerIsForbiddenIsDroppedToo) {
    for (const auto* type : {"unreachable", "blackhole", "prohibit"}) {
        run(std::string("ip route add ") + type + " default");
        expect_syn_dropped();
        run(std::string("ip route del ") + type + " default");
    }
    run("ip route add default via 10.0.0.2");
    run("ip rule add from 10.0.0.1 unreachable pref 5");
    expect_syn_dropped();
    run("ip rule del pref 5");
    syn();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
}

TEST_F(tcp_route, SynWithoutAWayBackGetsNoCookieEither) {
    m_net.sysctls.tcp_syncookies = 2;
    expect_syn_dropped();
}

TEST_F(tcp_route, RepeatedSynIsNotAnsweredWhenTheRouteHasGone) {
    run("ip route add default via 10.0.0.2");
    syn();
    run("ip route del default");
    m_context.now += milliseconds(1000);
    syn();
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_net.sockets.request_count(), 1u);
    EXPECT_EQ(m_context.counted.out_no_routes, 1u);
}

TEST_F(tcp_route, ThirdPacketWithoutAWayBackMakesNoConnection) {
    run("ip route add default via 10.0.0.2");
    syn();
    run("ip route del default");
    third_packet();
    EXPECT_EQ(m_net.sockets.accept(m_listener), nullptr);
    EXPECT_EQ(m_net.sockets.request_count(), 1u);
    EXPECT_EQ(m_context.counted.listen_drops, 1u);
}

TEST_F(tcp_route, AckWithoutARouteIsDroppedOnItsWayOut) {
    run("ip route add default via 10.0.0.2");
    auto& sk = connect();
    run("ip route del default");
    receive(tcphdr_ack | tcphdr_psh, client_isn + 1, server_isn + 1, 100);
    EXPECT_EQ(sk.unread_bytes(), 100u);
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::IP_OUTNOROUTES));
    EXPECT_EQ(m_context.dropped[0].number, no_received_packet);
    EXPECT_EQ(m_context.dropped[0].at, fn::__ip_queue_xmit);
    EXPECT_EQ(m_context.counted.out_no_routes, 1u);
    run("ip route add default via 10.0.0.2");
    receive(tcphdr_ack | tcphdr_psh, client_isn + 101, server_isn + 1, 100);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

TEST_F(tcp_route, ResetWithoutARouteIsNotSent) {
    m_net.sockets.close(m_context, m_listener);
    receive(tcphdr_ack, 1, 1);
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
    EXPECT_EQ(m_context.counted.out_no_routes, 0u);  // ip_send_unicast_reply() does not count
}

TEST_F(tcp_route, ConnectionKeepsTheDstOfItsWay) {
    run("ip route add default via 10.0.0.2");
    auto& sk = connect();
    ASSERT_NE(sk.sk_dst_cache, nullptr);
    auto* const kept = sk.sk_dst_cache;
    receive(tcphdr_ack | tcphdr_psh, client_isn + 1, server_isn + 1, 100);
    EXPECT_EQ(sk.sk_dst_cache, kept);
    run("ip route add 192.0.2.0/24 via 10.0.0.2");  // a new generation
    receive(tcphdr_ack | tcphdr_psh, client_isn + 101, server_isn + 1, 100);
    EXPECT_NE(sk.sk_dst_cache, kept);
}

TEST_F(tcp_route, SegmentSizeToAnnounceFollowsTheDevice) {
    run("ip route add default via 10.0.0.2");
    EXPECT_EQ(connect().advmss, 1460u);
    run("ip link set nic0 mtu 9000");
    m_net.sockets.close(m_context, m_listener);
    auto& listener = m_net.sockets.listen(m_server);
    receive(tcphdr_rst, client_isn + 1);
    syn();
    third_packet();
    auto* sk = m_net.sockets.accept(listener);
    ASSERT_NE(sk, nullptr);
    EXPECT_EQ(sk->advmss, 8960u);
}

}  // namespace
}  // namespace rxpath
