#include "models/socket/syncookies.h"

#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class syncookies : public socket_fixture {
protected:
    void syn_from(std::uint16_t port) {
        receive(tcp_skb({tcphdr_syn, client_isn}, {m_client.address, {port}}, m_server));
    }
    // A SYN whose SYN-ACK carries a cookie.
    void syn_with_cookie(std::vector<std::uint8_t> options = {2, 4, 5, 0xb4}) {
        m_sysctls.tcp_syncookies = 2;
        m_sockets.set_next_isn({server_isn});
        segment syn{tcphdr_syn, client_isn};
        syn.options = std::move(options);
        receive(syn);
    }
    void third_packet(std::uint32_t ack = server_isn + 1) { receive({tcphdr_ack, client_isn + 1, ack}); }
};

TEST_F(syncookies, FullQueueAnswersAndRemembersNothing) {
    auto& listener = m_sockets.listen({m_server.address, {81}}, 0, 1);
    const endpoint local{m_server.address, {81}};
    for (std::uint16_t port = 1; port <= 3; ++port) {
        receive(tcp_skb({tcphdr_syn, client_isn}, {m_client.address, {port}}, local));
        EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    }
    EXPECT_EQ(listener.icsk_accept_queue.qlen, 2u);  // one more than the backlog
    EXPECT_EQ(m_sockets.request_count(), 2u);
}

TEST_F(syncookies, FullQueueDropsTheSynIfSysctlForbidsCookies) {
    m_sysctls.tcp_syncookies = 0;
    m_listener->icsk_accept_queue.sk_max_ack_backlog = 0;
    syn_from(1);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    syn_from(2);
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(syncookies, WithoutThemTheLastQuarterOfTheBacklogStaysFree) {
    m_sysctls.tcp_syncookies = 0;
    m_sysctls.tcp_max_syn_backlog = 8;
    for (std::uint16_t port = 1; port <= 7; ++port) syn_from(port);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    syn_from(8);
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(syncookies, AckThatBringsOneBackMakesTheConnection) {
    syn_with_cookie();
    EXPECT_EQ(m_sockets.request_count(), 0u);
    third_packet();
    auto* sk = m_sockets.accept(*m_listener);
    ASSERT_NE(sk, nullptr);
    EXPECT_EQ(sk->skc_state, TCP_ESTABLISHED);
    EXPECT_EQ(sk->rcv_nxt.value, client_isn + 1);
    EXPECT_EQ(sk->rx_opt.mss, 1460u);
    receive_data(*sk);
    EXPECT_EQ(sk->unread_bytes(), 100u);
}

// The number beside it is the cookie of the next larger segment size, of which 1460 is the last.
TEST_F(syncookies, NumberBesideACookieStandsForAnotherSegmentSize) {
    syn_with_cookie({2, 4, 2, 24});
    third_packet(server_isn + 2);
    auto* sk = m_sockets.accept(*m_listener);
    ASSERT_NE(sk, nullptr);
    EXPECT_EQ(sk->rx_opt.mss, 1300u);
}

TEST_F(syncookies, NumberThatIsNoCookieIsReset) {
    syn_with_cookie();
    third_packet(server_isn + 2);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.accept(*m_listener), nullptr);
}

TEST_F(syncookies, AreGoodForTheirMinuteAndTheNext) {
    syn_with_cookie();
    wait(milliseconds(121'000));
    third_packet();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
}

TEST_F(syncookies, BringNoOptionsBackWithoutATimestamp) {
    syn_with_cookie({2, 4, 5, 0xb4, 1, 1, 4, 2, 1, 3, 3, 7});
    third_packet();
    auto* sk = m_sockets.accept(*m_listener);
    ASSERT_NE(sk, nullptr);
    EXPECT_FALSE(sk->rx_opt.sack_ok);
    EXPECT_FALSE(sk->rx_opt.wscale_ok);
}

TEST_F(syncookies, AreNotTakenByAListenerThatSentNone) {
    third_packet();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_FLAGS));
}

TEST_F(syncookies, ChooseTheLargestSegmentSizeThatFits) {
    EXPECT_EQ(cookie_msstab[cookie_mss_index(1459)], 1440u);
    EXPECT_EQ(cookie_msstab[cookie_mss_index(9000)], 1460u);
    EXPECT_EQ(cookie_msstab[cookie_mss_index(100)], 536u);
}

// A SYN with MSS, SACK, timestamps and window scaling; the ACK's timestamp carries the options in what it echoes.
class syncookies_with_timestamp : public syncookies {
protected:
    tcp_sock* connect_echoing(std::uint8_t echo) {
        syn_with_cookie({2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7});
        segment third{tcphdr_ack, client_isn + 1, server_isn + 1};
        third.options = {1, 1, 8, 10, 0, 0, 0, 12, 0, 0, 0, echo};
        receive(third);
        return m_sockets.accept(*m_listener);
    }
};

TEST_F(syncookies_with_timestamp, BringTheOptionsBack) {
    const auto* sk = connect_echoing(1);
    ASSERT_NE(sk, nullptr);
    EXPECT_TRUE(sk->rx_opt.tstamp_ok);
    EXPECT_TRUE(sk->rx_opt.sack_ok);
    EXPECT_TRUE(sk->rx_opt.wscale_ok);
    EXPECT_EQ(sk->rx_opt.snd_wscale, 7);
    EXPECT_EQ(sk->rx_opt.ts_recent, 12u);
}

// cookie_timestamp_decode(): the bits of an echo of zero mean no SACK and a scale of 0.
TEST_F(syncookies_with_timestamp, BringNoneBackInAnEchoOfZero) {
    const auto* sk = connect_echoing(0);
    ASSERT_NE(sk, nullptr);
    EXPECT_TRUE(sk->rx_opt.tstamp_ok);
    EXPECT_FALSE(sk->rx_opt.sack_ok);
    EXPECT_TRUE(sk->rx_opt.wscale_ok);
    EXPECT_EQ(sk->rx_opt.snd_wscale, 0);
}

TEST_F(syncookies, AreGoodInTheNextMinuteButNotInTheOneAfter) {
    wait(milliseconds(58'000));  // of a clock that began at one second: 59 s
    syn_with_cookie();
    wait(milliseconds(60'500));
    third_packet();
    EXPECT_NE(m_sockets.accept(*m_listener), nullptr);
}

// Three seconds too late by the clock's minutes, though the listener's overflow is recent.
TEST_F(syncookies, OfTheMinuteBeforeTheLastAreNotGood) {
    wait(milliseconds(58'000));
    syn_with_cookie();
    wait(milliseconds(62'000));
    third_packet();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.accept(*m_listener), nullptr);
}

TEST_F(syncookies, BelongToTheSynsSequenceNumber) {
    syn_with_cookie();
    receive({tcphdr_ack, client_isn + 2, server_isn + 1});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.accept(*m_listener), nullptr);
}

TEST_F(syncookies, AreNotTakenOnceTheSysctlForbidsThem) {
    syn_with_cookie();
    m_sysctls.tcp_syncookies = 0;
    third_packet();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.accept(*m_listener), nullptr);
}

TEST_F(syncookies, AreTakenFromAnAckThatIsNoReset) {
    for (const auto flags : std::vector<std::uint8_t>{tcphdr_psh, tcphdr_rst | tcphdr_ack}) {
        syn_with_cookie();
        receive({flags, client_isn + 1, server_isn + 1});
        EXPECT_EQ(m_sockets.accept(*m_listener), nullptr) << +flags;
    }
}

TEST_F(syncookies, FindNoRoomInAFullAcceptQueue) {
    syn_with_cookie();
    m_listener->icsk_accept_queue.sk_max_ack_backlog = 0;
    m_listener->icsk_accept_queue.children.assign(1, m_listener);
    third_packet();
    m_listener->icsk_accept_queue.children.clear();
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
}

}  // namespace
}  // namespace rxpath
