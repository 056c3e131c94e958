#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The server closed first; the client's FIN came: the connection waits.
class time_wait : public socket_fixture {
protected:
    static constexpr std::uint32_t seq = client_isn + 2, ack = server_isn + 2;
    time_wait() {
        auto& sk = connect();
        m_sockets.close(m_context, sk);
        receive({tcphdr_ack, client_isn + 1, ack});
        receive({tcphdr_ack | tcphdr_fin, client_isn + 1, ack});
    }
};

class fin_wait2 : public socket_fixture {
protected:
    static constexpr std::uint32_t seq = client_isn + 1, ack = server_isn + 2;
    fin_wait2() {
        auto& sk = connect();
        m_sockets.close(m_context, sk);
        receive({tcphdr_ack, seq, ack});
    }
};

TEST_F(time_wait, PureAckIsDroppedAndWaitsOn) {
    receive({tcphdr_ack, seq, ack});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(time_wait, RepeatedFinIsAcknowledgedAgain) {
    receive({tcphdr_ack | tcphdr_fin, seq - 1, ack});
    ASSERT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_context.sent[0].seq.value, ack);
    EXPECT_EQ(m_context.sent[0].ack_seq.value, seq);
}

TEST_F(time_wait, AnswersToEmptySegmentsOutOfWindowAreLimited) {
    receive({tcphdr_ack, seq - 1000, ack});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    receive({tcphdr_ack, seq - 1000, ack});
    EXPECT_THAT(sends(), IsEmpty());
}

// Two hosts that answer each other for ever do so with empty segments: a FIN or data is no such loop.
TEST_F(time_wait, SegmentsWithDataAreAnsweredEachTimeAndUseUpNoAnswer) {
    for (int i = 0; i < 3; ++i) {
        receive({tcphdr_ack | tcphdr_fin, seq - 1, ack});
        EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    }
    receive({tcphdr_ack, seq - 1000, ack});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

TEST_F(time_wait, NewerSynBeginsANewConnectionBeyondTheOldNumbers) {
    receive({tcphdr_syn, seq + 100000});
    ASSERT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    EXPECT_EQ(m_context.sent[0].seq.value, ack + 65535 + 2);
    EXPECT_EQ(m_sockets.request_count(), 1u);
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
}

TEST_F(time_wait, OlderSynIsAcknowledged) {
    receive({tcphdr_syn, seq - 100000});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(time_wait, NewerSynWithoutAListenerIsAcknowledged) {
    m_sockets.close(m_context, *m_listener);
    receive({tcphdr_syn, seq + 100000});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(time_wait, ExactResetEndsTheWait) {
    receive({tcphdr_rst, seq});
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
}

TEST_F(time_wait, Rfc1337IgnoresTheReset) {
    m_sysctls.tcp_rfc1337 = 1;
    receive({tcphdr_rst, seq});
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(time_wait, OtherResetIsIgnored) {
    receive({tcphdr_rst, seq + 1});
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(time_wait, EndsAfterSixtySeconds) {
    m_sockets.run_timers(m_context, m_context.now + milliseconds(59'990));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
    m_sockets.run_timers(m_context, m_context.now + milliseconds(60'004));
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
}

TEST_F(time_wait, PureAckBeginsTheWaitAnew) {
    wait(milliseconds(30'000));
    receive({tcphdr_ack, seq, ack});
    m_sockets.run_timers(m_context, m_context.now + milliseconds(59'990));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
    m_sockets.run_timers(m_context, m_context.now + milliseconds(60'004));
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
}

TEST_F(fin_wait2, FinEntersTimeWaitAndIsAcknowledged) {
    receive({tcphdr_ack | tcphdr_fin, seq, ack});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(fin_wait2, DataIsReset) {
    receive({tcphdr_ack | tcphdr_psh, seq, ack, 100});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
}

TEST_F(fin_wait2, FinWithDataIsReset) {
    receive({tcphdr_ack | tcphdr_fin, seq, ack, 100});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
}

TEST_F(fin_wait2, SynInTheWindowIsReset) {
    receive({tcphdr_syn, seq + 10});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
}

TEST_F(fin_wait2, ResetEndsIt) {
    receive({tcphdr_rst, seq});
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(fin_wait2, DuplicateAckIsDropped) {
    receive({tcphdr_ack, seq, ack});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(fin_wait2, OutOfWindowIsAcknowledged) {
    receive({tcphdr_ack | tcphdr_psh, seq - 5000, ack, 100});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

// "TW buckets are converted to open requests without limitations": neither cookies nor the backlog's last quarter.
TEST_F(time_wait, NewerSynPassesTheListenersLimits) {
    m_sysctls.tcp_syncookies = 2;
    receive({tcphdr_syn, seq + 100000});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    EXPECT_EQ(m_sockets.request_count(), 1u);
}

TEST_F(time_wait, NewerSynPassesTheLastQuarterOfTheBacklog) {
    m_sysctls.tcp_syncookies = 0;
    m_sysctls.tcp_max_syn_backlog = 4;
    for (std::uint16_t port = 1; port <= 5; ++port)
        receive(tcp_skb({tcphdr_syn, client_isn}, {m_client.address, {port}}, m_server));
    ASSERT_THAT(sends(), IsEmpty());
    receive({tcphdr_syn, seq + 100000});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
}

TEST_F(time_wait, SynAtTheNextNumberIsNoNewConnection) {
    receive({tcphdr_syn, seq});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(time_wait, SynWithAckOrRstIsNoNewConnection) {
    receive({tcphdr_syn | tcphdr_ack, seq + 100000, ack});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    receive({tcphdr_syn | tcphdr_rst, seq + 100000});
    EXPECT_THAT(sends(), IsEmpty());
    receive({tcphdr_psh, seq + 100000, 0, 10});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack)) << "and no SYN at all";
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(time_wait, DataAtTheNextNumberIsAcknowledged) {
    receive({tcphdr_ack | tcphdr_psh, seq, ack, 10});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

TEST_F(time_wait, ResetWithDataAtTheNextNumberEndsTheWait) {
    receive({tcphdr_rst, seq, 0, 10});
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
}

// A segment with ACK out of sequence begins the wait anew, one without leaves it.
TEST_F(time_wait, OnlyAcknowledgementsProlongIt) {
    wait(milliseconds(30'000));
    receive({tcphdr_syn, seq - 100000});
    m_sockets.run_timers(m_context, m_context.now + milliseconds(30'100));
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
}

TEST_F(time_wait, OldSegmentWithAckProlongsIt) {
    wait(milliseconds(30'000));
    receive({tcphdr_ack, seq - 1000, ack});
    m_sockets.run_timers(m_context, m_context.now + milliseconds(59'900));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(fin_wait2, SynAtTheNextNumberIsReset) {
    receive({tcphdr_syn, seq});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
}

TEST_F(fin_wait2, EmptyAckInTheWindowIsDropped) {
    receive({tcphdr_ack, seq + 10, ack});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

TEST_F(fin_wait2, DataOfOneByteIsResetThoughAFinWouldBeAsLong) {
    receive({tcphdr_ack | tcphdr_psh, seq, ack, 1});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
}

TEST_F(fin_wait2, SegmentWithoutAckIsDropped) {
    receive({tcphdr_psh, seq, ack, 10});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

}  // namespace
}  // namespace rxpath
