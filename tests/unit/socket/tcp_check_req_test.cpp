// tcp_check_req(): what a segment does to a half-open connection, flag by flag (net/ipv4/tcp_minisocks.c).
#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class half_open_connection : public socket_fixture {
protected:
    static constexpr std::uint32_t seq = client_isn + 1, ack = server_isn + 1;

    static std::vector<std::uint8_t> timestamp(std::uint8_t value, std::uint8_t echo = 0) {
        return {1, 1, 8, 10, 0, 0, 0, value, 0, 0, 0, echo};
    }
    void syn(std::vector<std::uint8_t> options = {}) {
        m_sockets.set_next_isn({server_isn});
        receive({tcphdr_syn, client_isn, 0, 0, 65535, std::move(options)});
    }
    bool established() { return m_sockets.accept(*m_listener) != nullptr; }
};

TEST_F(half_open_connection, SynWithAckOrRstIsNoRepeatedSyn) {
    syn();
    receive({tcphdr_syn | tcphdr_ack, client_isn, ack});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack)) << "it ends before the window";
    receive({tcphdr_syn | tcphdr_rst, client_isn});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_sockets.request_count(), 1u);
}

TEST_F(half_open_connection, RepeatedSynWithAnOlderTimestampIsAcknowledged) {
    syn(timestamp(100));
    receive({tcphdr_syn, client_isn, 0, 0, 65535, timestamp(10)});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

TEST_F(half_open_connection, ThirdPacketWithAnOlderTimestampIsAcknowledgedAndTheRequestStays) {
    syn(timestamp(100));
    receive({tcphdr_ack, seq, ack, 0, 65535, timestamp(10)});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sockets.request_count(), 1u);
    EXPECT_FALSE(established());
}

TEST_F(half_open_connection, SynInTheWindowResetsTheRequest) {
    syn();
    receive({tcphdr_syn, seq + 5});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.request_count(), 0u);
}

// "Truncate SYN": with data it reaches into the window, and what remains is the third packet.
TEST_F(half_open_connection, OldSynWithDataAndTheAckMakesTheConnection) {
    syn();
    receive({tcphdr_syn | tcphdr_ack, client_isn, ack, 10});
    EXPECT_TRUE(established());
}

TEST_F(half_open_connection, ResetIsJudgedByItsSequenceNumberWhateverItAcknowledges) {
    syn();
    receive({tcphdr_rst | tcphdr_ack, seq, ack + 7});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_sockets.request_count(), 0u);
}

TEST_F(half_open_connection, SegmentWithoutAckIsDropped) {
    syn();
    receive({tcphdr_psh, seq, ack, 10});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_FALSE(established());
    EXPECT_EQ(m_sockets.request_count(), 1u);
}

TEST_F(half_open_connection, SegmentBeyondTheWindowIsAcknowledged) {
    syn();
    const std::uint32_t window = 64240;  // see InitialWindowIsWhatTheDefaultBufferHoldsInWholeSegments
    receive({tcphdr_ack, seq + window, ack, 10});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_FALSE(established());
    receive({tcphdr_ack, seq + window - 1, ack, 10});
    EXPECT_TRUE(established());
}

TEST_F(half_open_connection, TimestampOfTheThirdPacketIsTheNewest) {
    syn(timestamp(100));
    receive({tcphdr_ack, seq, ack, 0, 65535, timestamp(120, 1)});
    auto* sk = m_sockets.accept(*m_listener);
    ASSERT_NE(sk, nullptr);
    EXPECT_EQ(sk->rx_opt.ts_recent, 120u);
}

// What comes after a lost third packet says nothing about what was received up to now.
TEST_F(half_open_connection, TimestampOfLaterDataIsNotTaken) {
    syn(timestamp(100));
    receive({tcphdr_ack, seq + 10, ack, 10, 65535, timestamp(120, 1)});
    auto* sk = m_sockets.accept(*m_listener);
    ASSERT_NE(sk, nullptr);
    EXPECT_EQ(sk->rx_opt.ts_recent, 100u);
}

TEST_F(half_open_connection, FullAcceptQueueCountsADropOfTheListener) {
    syn();
    m_listener->icsk_accept_queue.sk_max_ack_backlog = 0;
    m_listener->icsk_accept_queue.children.assign(1, m_listener);
    const auto before = m_listener->sk_drops;
    receive({tcphdr_ack, seq, ack});
    EXPECT_EQ(m_listener->sk_drops, before + 1);
    m_listener->icsk_accept_queue.children.clear();
}

// RFC 1122 §4.2.3.10: the route of a group, like that of a broadcast.
TEST_F(half_open_connection, SynToAMulticastAddressIsNotAnswered) {
    rtable_of(*m_route).rt_flags = rtcf_multicast | rtcf_local;
    syn();
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_sockets.request_count(), 0u);
}

// Only without cookies is a quarter of net.ipv4.tcp_max_syn_backlog kept.
TEST_F(half_open_connection, WithCookiesTheWholeBacklogIsUsed) {
    m_sysctls.tcp_max_syn_backlog = 4;
    for (std::uint16_t port = 1; port <= 8; ++port) {
        receive(tcp_skb({tcphdr_syn, client_isn}, {m_client.address, {port}}, m_server));
        EXPECT_EQ(m_sockets.request_count(), port);
    }
}

}  // namespace
}  // namespace rxpath
