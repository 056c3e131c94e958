#include "socket_fixture.h"

namespace rxpath {
namespace {

class inet_timers : public socket_fixture {
protected:
    void run_at(std::uint64_t ms_from_now) {
        m_sockets.run_timers(m_context, m_context.now + milliseconds(ms_from_now));
    }
};

TEST_F(inet_timers, HalfOpenConnectionIsGivenUpAfterAllRetries) {
    receive({tcphdr_syn, client_isn});
    run_at(62'990);  // 1 + 2 + 4 + 8 + 16 + 32 seconds
    EXPECT_EQ(m_sockets.request_count(), 1u);
    run_at(63'004);
    EXPECT_EQ(m_sockets.request_count(), 0u);
    EXPECT_EQ(m_listener->icsk_accept_queue.qlen, 0u);
}

TEST_F(inet_timers, FinishedHandshakeLeavesNoTimerThatFires) {
    auto& sk = connect();
    run_at(100'000);
    EXPECT_EQ(sk.skc_state, TCP_ESTABLISHED);
    EXPECT_TRUE(m_context.sent.empty());
}

TEST_F(inet_timers, TimerOfAFreedSocketDoesNotTouchItsSuccessor) {
    receive({tcphdr_syn, client_isn});
    receive({tcphdr_rst, client_isn + 1});
    ASSERT_EQ(m_sockets.request_count(), 0u);
    wait(milliseconds(60'000));
    receive({tcphdr_syn, client_isn});  // in the memory of the first request
    run_at(10'000);                     // past the first one's time, before the second one's
    EXPECT_EQ(m_sockets.request_count(), 1u);
}

TEST_F(inet_timers, DelayedAckSentByOtherMeansIsNotSentAgain) {
    auto& sk = connect();
    for (int i = 0; i < 16; ++i) {
        receive_data(sk);
        m_sockets.recv_all(m_context, sk);
    }
    receive_data(sk);
    ASSERT_TRUE(m_context.sent.empty());
    m_sockets.recv_all(m_context, sk);
    ASSERT_EQ(m_context.sent.size(), 1u);
    run_at(1000);
    EXPECT_EQ(m_context.sent.size(), 1u);
}

}  // namespace
}  // namespace rxpath
