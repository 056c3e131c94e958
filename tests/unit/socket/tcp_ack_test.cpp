// When an ACK goes out: at once at first (quick ACKs), then delayed, at once for what the peer must know.
#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class acknowledging : public socket_fixture {
protected:
    bool acked(std::uint32_t bytes = 100) {
        receive_data(m_sk, bytes);
        const bool sent = !m_context.sent.empty();
        m_sockets.recv_all(m_context, m_sk);
        return sent;
    }
    tcp_sock& m_sk = connect();
};

TEST_F(acknowledging, SixteenQuickAcksThenDelayed) {
    for (int i = 0; i < 16; ++i) EXPECT_TRUE(acked()) << i;  // TCP_MAX_QUICKACKS
    EXPECT_FALSE(acked());
}

TEST_F(acknowledging, ReaderSendsTheDelayedAckOfASmallSegment) {
    for (int i = 0; i < 16; ++i) acked();
    receive_data(m_sk);
    EXPECT_THAT(sends(), IsEmpty());
    m_sockets.recv_all(m_context, m_sk);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

TEST_F(acknowledging, DelayedAckIsSentAtTheTickAfterFortyMilliseconds) {
    for (int i = 0; i < 16; ++i) acked();
    receive_data(m_sk);
    m_sockets.run_timers(m_context, m_context.now + milliseconds(40));
    EXPECT_THAT(sends(), IsEmpty());
    m_sockets.run_timers(m_context, m_context.now + milliseconds(44));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sk.icsk_ack.pending, 0);
}

TEST_F(acknowledging, MoreThanOneFullSegmentIsAckedAtOnce) {
    for (int i = 0; i < 16; ++i) acked();
    m_sk.icsk_ack.rcv_mss = 536;
    receive_data(m_sk, 500);
    EXPECT_THAT(sends(), IsEmpty());
    receive_data(m_sk, 500);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

TEST_F(acknowledging, SenderThatPausedLongerThanTheRetransmitTimeoutGetsQuickAcksAgain) {
    for (int i = 0; i < 16; ++i) acked();
    EXPECT_FALSE(acked());
    wait(milliseconds(1500));  // icsk_rto is one second
    EXPECT_TRUE(acked());
}

TEST_F(acknowledging, ApplicationThatAnswersGetsNoQuickAcks) {
    receive_data(m_sk);
    m_sockets.recv_all(m_context, m_sk);
    m_sockets.send(m_context, m_sk, 10);
    receive({tcphdr_ack | tcphdr_psh, m_sk.rcv_nxt.value, m_sk.snd_nxt.value, 100});
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(acknowledging, DuplicateIsAckedAtOnceAndDropped) {
    for (int i = 0; i < 17; ++i) acked();
    receive({tcphdr_ack | tcphdr_psh, m_sk.rcv_nxt.value - 100, m_sk.snd_nxt.value, 100});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_OLD_DATA));
}

TEST_F(acknowledging, AckCarriesTheNextSequenceNumberWanted) {
    receive_data(m_sk, 100);
    ASSERT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_context.sent[0].ack_seq.value, client_isn + 101);
    EXPECT_EQ(m_context.sent[0].from, m_server);
    EXPECT_EQ(m_context.sent[0].to, m_client);
}

}  // namespace
}  // namespace rxpath
