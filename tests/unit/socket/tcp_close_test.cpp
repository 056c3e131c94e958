// How a connection ends: every state on the way, from either side.
#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class tcp_close : public socket_fixture {
protected:
    static constexpr std::uint32_t seq = client_isn + 1;  // the client's next
    static constexpr std::uint32_t before_fin = server_isn + 1,
                                   after_fin = server_isn + 2;  // acknowledging our FIN or not
    void close() {
        m_context.sent.clear();
        m_sockets.close(m_context, m_sk);
    }
    sock_common* in_table() {
        auto* sk = __inet_lookup_established(m_context, m_sockets.hashinfo(), *m_sockets.net(), m_client.address,
                                             m_client.port, m_server.address, m_server.port, nic0, 0);
        if (sk != nullptr) sock_put(m_context, *sk);
        return sk;
    }
    tcp_sock& m_sk = connect();
};

// Nobody will read the queue of a socket without an application: what is in it, here the FIN, is given up.
TEST_F(tcp_close, FinThatAcknowledgesOursIsPurgedWithTheDeadSocket) {
    close();
    receive({tcphdr_ack | tcphdr_fin, seq, after_fin});
    EXPECT_THAT(drops(), ElementsAre(drop_reason::QUEUE_PURGE));
}

TEST_F(tcp_close, PeersFinLeadsToCloseWaitAndLastAck) {
    receive({tcphdr_ack | tcphdr_fin, seq, before_fin});
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE_WAIT);
    EXPECT_EQ(m_sk.rcv_nxt.value, seq + 1);
    EXPECT_THAT(m_context.woken, testing::Contains(&m_sk));
    close();
    EXPECT_EQ(m_sk.skc_state, TCP_LAST_ACK);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::fin));
    receive({tcphdr_ack, seq + 1, after_fin});
    EXPECT_EQ(in_table(), nullptr);
    EXPECT_EQ(m_sockets.connection_count(), 1u);  // the listener
}

TEST_F(tcp_close, LastAckWaitsForTheAcknowledgementOfTheFin) {
    receive({tcphdr_ack | tcphdr_fin, seq, before_fin});
    close();
    receive({tcphdr_ack, seq + 1, before_fin});
    EXPECT_EQ(m_sk.skc_state, TCP_LAST_ACK);
}

TEST_F(tcp_close, DataWithFinIsDeliveredFirst) {
    receive({tcphdr_ack | tcphdr_fin, seq, before_fin, 100});
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE_WAIT);
    EXPECT_EQ(m_sk.unread_bytes(), 100u);
    EXPECT_EQ(m_sk.rcv_nxt.value, seq + 101);
}

TEST_F(tcp_close, OwnFinLeadsToFinWait1AndWhenAcknowledgedToATimeWaitSocket) {
    close();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::fin));
    EXPECT_EQ(m_sk.skc_state, TCP_FIN_WAIT1);
    receive({tcphdr_ack, seq, after_fin});
    ASSERT_NE(in_table(), nullptr);
    ASSERT_EQ(in_table()->skc_state, TCP_TIME_WAIT);
    EXPECT_EQ(inet_twsk(*in_table()).tw_substate, TCP_FIN_WAIT2);
    EXPECT_EQ(m_sockets.connection_count(), 1u);  // the full socket is freed
    receive({tcphdr_ack | tcphdr_fin, seq, after_fin});
    EXPECT_EQ(inet_twsk(*in_table()).tw_substate, TCP_TIME_WAIT);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_context.sent[0].ack_seq.value, seq + 1);
}

TEST_F(tcp_close, BothFinsAtOnceGoThroughClosing) {
    close();
    receive({tcphdr_ack | tcphdr_fin, seq, before_fin});
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSING);
    EXPECT_THAT(sends(), testing::Contains(sent_kind::ack));
    receive({tcphdr_ack, seq + 1, after_fin});
    ASSERT_EQ(in_table()->skc_state, TCP_TIME_WAIT);
    EXPECT_EQ(inet_twsk(*in_table()).tw_substate, TCP_TIME_WAIT);
}

TEST_F(tcp_close, FinThatAcknowledgesOursSkipsClosing) {
    close();
    receive({tcphdr_ack | tcphdr_fin, seq, after_fin});
    ASSERT_EQ(in_table()->skc_state, TCP_TIME_WAIT);
    EXPECT_EQ(inet_twsk(*in_table()).tw_substate, TCP_TIME_WAIT);
}

TEST_F(tcp_close, DataAfterCloseIsReset) {
    close();
    receive({tcphdr_ack | tcphdr_psh, seq, before_fin, 100});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_ABORT_ON_DATA));
    EXPECT_EQ(in_table(), nullptr);
}

TEST_F(tcp_close, UnreadDataMakesCloseAReset) {
    receive_data(m_sk);
    close();
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(in_table(), nullptr);
}

// Linux frees it with __kfree_skb(), which no counter sees.
TEST_F(tcp_close, UnreadDataIsNoDrop) {
    receive_data(m_sk);
    m_context.dropped.clear();
    close();
    EXPECT_THAT(drops(), testing::IsEmpty());
}

TEST_F(tcp_close, WhatWaitsForAGapIsDroppedWithTheSocket) {
    receive({tcphdr_ack | tcphdr_psh, seq + 1000, before_fin, 100});
    receive({tcphdr_rst, seq});
    EXPECT_THAT(drops(), testing::IsEmpty());
    m_sockets.close(m_context, m_sk);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

// The application has closed: nobody will ever read the peer's FIN.
TEST_F(tcp_close, FinOfThePeerIsPurgedWithTheConnection) {
    close();
    receive({tcphdr_ack | tcphdr_fin, seq, after_fin});
    EXPECT_THAT(drops(), ElementsAre(drop_reason::QUEUE_PURGE));
}

TEST_F(tcp_close, ListenerDoesNotResetWhatIsClosedAlready) {
    m_sockets.set_next_isn({server_isn});
    const endpoint peer{m_client.address, {50000}};
    receive(tcp_skb({tcphdr_syn, client_isn}, peer, m_server));
    receive(tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1}, peer, m_server));
    receive(tcp_skb({tcphdr_rst, client_isn + 1}, peer, m_server));
    m_context.sent.clear();
    m_sockets.close(m_context, *m_listener);
    EXPECT_THAT(sends(), testing::IsEmpty());
}

TEST_F(tcp_close, ResetInCloseWaitJustBeforeTheFinIsGenuine) {
    receive({tcphdr_ack | tcphdr_fin, seq, before_fin});
    receive({tcphdr_rst, seq});
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE);
}

TEST_F(tcp_close, RepeatedFinInCloseWaitChangesNothing) {
    receive({tcphdr_ack | tcphdr_fin, seq, before_fin});
    receive({tcphdr_ack | tcphdr_fin, seq, before_fin});
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE_WAIT);
    EXPECT_EQ(m_sk.rcv_nxt.value, seq + 1);
}

TEST_F(tcp_close, ClosedListenerResetsWhoWaitsForAccept) {
    m_sockets.set_next_isn({server_isn});
    const endpoint peer{m_client.address, {50000}};
    receive(tcp_skb({tcphdr_syn, client_isn}, peer, m_server));
    receive(tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1}, peer, m_server));
    m_context.sent.clear();
    m_sockets.close(m_context, *m_listener);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.hashinfo().ehash.size(), 1u);  // the accepted one
}

TEST_F(tcp_close, FreedMemoryIsUsedAgain) {
    const auto in_use = m_sockets.connection_count();
    for (int i = 0; i < 100; ++i) {
        const endpoint peer{m_client.address, {static_cast<std::uint16_t>(i + 1)}};
        auto& sk = m_sockets.establish(m_server, peer, {1}, {1}, 1000);
        receive(tcp_skb({tcphdr_rst, 1}, peer, m_server));
        m_sockets.close(m_context, sk);
    }
    EXPECT_EQ(m_sockets.connection_count(), in_use);
}

}  // namespace
}  // namespace rxpath
