#include "models/socket/tcp_window.h"

#include "socket_fixture.h"

#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

class tcp_window : public socket_fixture {
protected:
    tcp_sock& m_sk = connect();
};

TEST_F(tcp_window, OfferedWindowIsNeverTakenBack) {
    const auto right_edge = (m_sk.rcv_wup + m_sk.rcv_wnd).value;
    for (int i = 0; i < 100; ++i) receive_data(m_sk, 500);  // unread: the free space shrinks
    EXPECT_GE((m_sk.rcv_wup + m_sk.rcv_wnd).value, right_edge);
}

// 5000 bytes read in a round trip, 1000 before: 2 * 5000 + 16 * 1460 = 33360 bytes of window, and 2 * 4 times that for
// the growth, is 300240; payload is half of a buffer as long as no segment was measured.
TEST_F(tcp_window, ReceiveBufferGrowsWhenTheApplicationReadsFaster) {
    m_sk.rcv_rtt_est.rtt_us = 100 << 3;
    m_sk.rcvq_space = {1000, m_sk.copied_seq, m_context.now};
    m_sk.rcv_nxt = m_sk.copied_seq = m_sk.copied_seq + 5000;
    wait(microseconds(99));
    tcp_rcv_space_adjust(m_sk, m_context.now);
    EXPECT_EQ(m_sk.sk_rcvbuf, 131072u);  // the round trip is not over
    wait(microseconds(1));
    tcp_rcv_space_adjust(m_sk, m_context.now);
    EXPECT_EQ(m_sk.sk_rcvbuf, 600480u);
    EXPECT_EQ(m_sk.window_clamp, 300240u);
}

TEST_F(tcp_window, ReceiveBufferStaysWhenTheApplicationReadsNoMoreThanBefore) {
    m_sk.rcv_rtt_est.rtt_us = 100 << 3;
    m_sk.rcvq_space = {5000, m_sk.copied_seq, m_context.now};
    m_sk.rcv_nxt = m_sk.copied_seq = m_sk.copied_seq + 5000;
    wait(milliseconds(1));
    tcp_rcv_space_adjust(m_sk, m_context.now);
    EXPECT_EQ(m_sk.sk_rcvbuf, 131072u);
    EXPECT_EQ(m_sk.rcvq_space.seq, m_sk.copied_seq);  // the next interval begins
}

TEST_F(tcp_window, ClosesWhenTheApplicationDoesNotReadAndOpensWhenItDoes) {
    for (int i = 0; i < 400 && m_sk.receive_window() >= 500; ++i) receive_data(m_sk, 500);
    EXPECT_LT(m_sk.receive_window(), 500u);
    m_context.sent.clear();
    m_sockets.recv_all(m_context, m_sk);
    ASSERT_EQ(m_context.sent.size(), 1u);  // the window update
    EXPECT_GT(m_sk.receive_window(), 20000u);
}

TEST_F(tcp_window, SegmentSizeIsLearntFromFullSegments) {
    EXPECT_EQ(m_sk.icsk_ack.rcv_mss, 536u);
    receive_data(m_sk, 1448);
    EXPECT_EQ(m_sk.icsk_ack.rcv_mss, 1448u);
    receive_data(m_sk, 100);
    EXPECT_EQ(m_sk.icsk_ack.rcv_mss, 1448u);
}

TEST_F(tcp_window, TwoEqualSmallerSegmentsWithoutPshAreASegmentSizeToo) {
    m_sk.icsk_ack.rcv_mss = 1448;
    receive({tcphdr_ack, m_sk.rcv_nxt.value, server_isn + 1, 1000});
    EXPECT_EQ(m_sk.icsk_ack.rcv_mss, 1448u);
    receive({tcphdr_ack, m_sk.rcv_nxt.value, server_isn + 1, 1000});
    EXPECT_EQ(m_sk.icsk_ack.rcv_mss, 1000u);
}

TEST_F(tcp_window, ShareOfPayloadInTheBufferFollowsTheSegments) {
    EXPECT_EQ(m_sk.scaling_ratio, 128u);
    auto skb = tcp_skb({tcphdr_ack | tcphdr_psh, m_sk.rcv_nxt.value, server_isn + 1, 1448}, m_client, m_server);
    skb.truesize = 2176;
    receive(skb);
    EXPECT_EQ(m_sk.scaling_ratio, 1448u * 256 / 2176);
}

TEST_F(tcp_window, SmallSegmentsDoNotGrowTheThreshold) {
    const auto before = m_sk.rcv_ssthresh;
    receive_data(m_sk, 100);
    EXPECT_EQ(calls_of(fn::tcp_grow_window), 0u);
    EXPECT_EQ(m_sk.rcv_ssthresh, before);
}

}  // namespace
}  // namespace rxpath
