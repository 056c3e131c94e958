#include "models/base/checksum.h"
#include "socket_fixture.h"

#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class tcp_receive : public socket_fixture {
protected:
    static void fill_checksum(sk_buff& skb) {
        const auto ip = skb.ip_hdr();
        auto* bytes = skb.head.data() + skb.transport_header;
        bytes[16] = bytes[17] = 0;
        const auto sum =
            internet_sum(bytes, skb.len) + csum_tcpudp_nofold(ip.saddr(), ip.daddr(), skb.len, ipproto_tcp);
        const auto check = static_cast<std::uint16_t>(~csum_fold(sum));
        bytes[16] = static_cast<std::uint8_t>(check >> 8);
        bytes[17] = static_cast<std::uint8_t>(check);
    }
};

TEST_F(tcp_receive, ClosedPortIsReset) {
    receive(tcp_skb({tcphdr_syn, client_isn}, m_client, {m_server.address, {81}}));
    ASSERT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_context.sent[0].ack_seq.value, client_isn + 1);
    EXPECT_EQ(m_context.sent[0].tcp_flags, tcphdr_rst | tcphdr_ack);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
}

TEST_F(tcp_receive, ResetOfAnAckTakesItsSequenceNumberFromIt) {
    receive(tcp_skb({tcphdr_ack, client_isn, 777}, m_client, {m_server.address, {81}}));
    ASSERT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_context.sent[0].seq.value, 777u);
    EXPECT_EQ(m_context.sent[0].tcp_flags, tcphdr_rst);
}

TEST_F(tcp_receive, ResetIsNeverAnswered) {
    receive(tcp_skb({tcphdr_rst, client_isn}, m_client, {m_server.address, {81}}));
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
}

TEST_F(tcp_receive, PacketToABroadcastAddressIsNotAnswered) {
    rtable_of(*m_route).rt_type = static_cast<std::uint16_t>(route_type::broadcast);
    receive(tcp_skb({tcphdr_syn, client_isn}, m_client, {m_server.address, {81}}));
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(tcp_receive, FrameNotForThisHostIsDropped) {
    auto skb = tcp_skb({tcphdr_syn, client_isn}, m_client, m_server);
    skb.pkt_type = packet_type::broadcast;
    receive(skb);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    EXPECT_EQ(calls_of(fn::__inet_lookup_established), 0u);
}

// tcp_do_parse_auth_options(): an option may be no longer than what is left, and no shorter than its own header.
TEST_F(tcp_receive, MalformedOptionsAreDropped) {
    const auto receive_option = [this](std::uint8_t length) {
        auto skb = tcp_skb({tcphdr_syn, client_isn, 0, 20}, m_client, m_server);
        auto* tcp = skb.head.data() + skb.transport_header;
        tcp[12] = 10 << 4;  // the 20 bytes behind the header are options
        std::fill(tcp + 20, tcp + 40, std::uint8_t{0});
        tcp[20] = 254, tcp[21] = length;
        fill_checksum(skb);
        receive(skb);
    };
    for (const auto length : std::vector<std::uint8_t>{0, 1, 21}) {
        receive_option(length);
        EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_AUTH_HDR)) << int{length};
    }
    receive_option(20);
    EXPECT_THAT(drops(), IsEmpty());
}

TEST_F(tcp_receive, ShortHeadersAreDropped) {
    auto truncated = tcp_skb({tcphdr_syn, client_isn}, m_client, m_server);
    truncated.trim(19);
    receive(truncated);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    auto small_doff = tcp_skb({tcphdr_syn, client_isn}, m_client, m_server);
    small_doff.head[small_doff.transport_header + 12] = 4 << 4;
    receive(small_doff);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::PKT_TOO_SMALL));
    auto missing_options = tcp_skb({tcphdr_syn, client_isn}, m_client, m_server);
    missing_options.head[missing_options.transport_header + 12] = 15 << 4;
    receive(missing_options);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(tcp_receive, ShortPacketIsSummedAtOnceAndALongOneWhenItsDataIsUsed) {
    auto& sk = connect();
    auto syn = tcp_skb({tcphdr_syn, client_isn}, {m_client.address, {50000}}, m_server);
    syn.ip_summed = ip_summed_state::none;
    fill_checksum(syn);
    receive(syn);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    EXPECT_EQ(calls_of(fn::__skb_checksum_complete), 1u);

    auto data = tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1, 100}, m_client, m_server);
    data.ip_summed = ip_summed_state::none;
    fill_checksum(data);
    receive(data);
    EXPECT_EQ(calls_of(fn::__skb_checksum_complete), 1u);
    EXPECT_EQ(sk.unread_bytes(), 100u);
}

TEST_F(tcp_receive, WrongChecksumIsDroppedShortOrLong) {
    auto& sk = connect();
    for (const std::uint32_t payload : {0u, 100u}) {
        auto skb = tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1, payload}, m_client, m_server);
        skb.ip_summed = ip_summed_state::none;
        fill_checksum(skb);
        skb.head.back() ^= 1;
        receive(skb);
        EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_CSUM)) << payload;
    }
    EXPECT_EQ(sk.unread_bytes(), 0u);
}

TEST_F(tcp_receive, SocketOfEarlyDemuxIsUsedWithoutALookup) {
    auto& sk = connect();
    auto skb = tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1, 100}, m_client, m_server);
    sock_hold(sk);
    skb.sk = &sk;
    skb.destructor = sock_edemux;
    const auto references = sk.skc_refcnt;
    receive(skb);
    EXPECT_EQ(calls_of(fn::__inet_lookup_established), 0u);
    EXPECT_EQ(sk.unread_bytes(), 100u);
    EXPECT_EQ(sk.skc_refcnt, references - 1);
}

TEST_F(tcp_receive, RequestUsedUpByAnEarlierPacketOfTheListLeadsToItsChild) {
    m_sockets.set_next_isn({server_isn});
    receive({tcphdr_syn, client_isn});
    auto data = tcp_skb({tcphdr_ack | tcphdr_psh, client_isn + 1, server_isn + 1, 100}, m_client, m_server);
    data.sk = __inet_lookup_established(m_context, m_sockets.hashinfo(), *m_sockets.net(), m_client.address,
                                        m_client.port, m_server.address, m_server.port, nic0, 0);
    data.destructor = sock_edemux;
    receive({tcphdr_ack, client_isn + 1, server_isn + 1});
    receive(data);
    EXPECT_EQ(m_sockets.accept(*m_listener)->unread_bytes(), 100u);
    EXPECT_EQ(m_sockets.request_count(), 0u);
}

TEST_F(tcp_receive, DroppedPacketGivesItsSocketBack) {
    auto& sk = connect();
    auto skb = tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1}, m_client, m_server);
    const auto references = sk.skc_refcnt;
    sock_hold(sk);
    skb.sk = &sk;
    skb.destructor = sock_edemux;
    skb.pkt_type = packet_type::otherhost;
    receive(skb);
    EXPECT_EQ(sk.skc_refcnt, references);
}

TEST_F(tcp_receive, TraceIsComplete) {
    connect();
    EXPECT_TRUE(m_trace.complete());
}

// RFC 5961, 7: an attacker must not learn from the host's limit whether a guess was right.
TEST_F(tcp_receive, ChallengeAcksOfAllConnectionsTogetherAreLimited) {
    m_sysctls.tcp_challenge_ack_limit = 4;
    m_sysctls.tcp_invalid_ratelimit = 0;
    auto& sk = connect();
    std::size_t sent = 0;
    for (int n = 0; n < 20; ++n) {
        receive({tcphdr_syn, sk.rcv_nxt.value});
        sent += m_context.sent.size();
    }
    EXPECT_GE(sent, 2u);
    EXPECT_LE(sent, 5u);
    wait(milliseconds(1000));
    receive({tcphdr_syn, sk.rcv_nxt.value});
    EXPECT_EQ(m_context.sent.size(), 1u);
}

}  // namespace
}  // namespace rxpath
