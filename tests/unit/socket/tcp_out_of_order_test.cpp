#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class out_of_order : public socket_fixture {
protected:
    // 100 bytes at this distance from the first byte.
    void receive_at(std::uint32_t offset, std::uint8_t flags = tcphdr_ack | tcphdr_psh, std::uint32_t bytes = 100) {
        receive({flags, client_isn + 1 + offset, server_isn + 1, bytes});
    }
    tcp_sock& m_sk = connect();
};

TEST_F(out_of_order, SegmentAfterAGapWaitsAndIsReportedAtOnce) {
    receive_at(100);
    EXPECT_EQ(m_sk.unread_bytes(), 0u);
    EXPECT_EQ(m_sk.out_of_order_queue.size(), 1u);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_context.sent[0].ack_seq.value, client_isn + 1);
    EXPECT_THAT(m_context.woken, IsEmpty());
    EXPECT_EQ(m_sk.pred_flags, 0u);
}

TEST_F(out_of_order, FilledGapDeliversEverythingInOrder) {
    receive_at(200);
    receive_at(100);
    receive_at(0);
    EXPECT_EQ(m_sk.unread_bytes(), 300u);
    EXPECT_EQ(m_sk.rcv_nxt.value, client_isn + 301);
    EXPECT_TRUE(m_sk.out_of_order_queue.empty());
    EXPECT_NE(m_sk.pred_flags, 0u);
    EXPECT_EQ(m_sockets.recv_all(m_context, m_sk), 300u);
    EXPECT_EQ(m_sk.sk_rmem_alloc, 0u);
}

TEST_F(out_of_order, SecondGapStaysOpen) {
    receive_at(100);
    receive_at(300);
    receive_at(0);
    EXPECT_EQ(m_sk.rcv_nxt.value, client_isn + 201);
    EXPECT_EQ(m_sk.out_of_order_queue.size(), 1u);
}

TEST_F(out_of_order, SegmentThatWaitsAlreadyIsDropped) {
    receive_at(100);
    receive_at(100);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_OFOMERGE));
    EXPECT_EQ(m_sk.out_of_order_queue.size(), 1u);
}

TEST_F(out_of_order, OverlapIsDeliveredOnce) {
    receive_at(0);
    receive_at(50);
    EXPECT_EQ(m_sk.unread_bytes(), 150u);
    EXPECT_EQ(m_sk.rcv_nxt.value, client_isn + 151);
}

TEST_F(out_of_order, BeyondTheWindowIsDropped) {
    receive({tcphdr_ack | tcphdr_psh, client_isn + 1 + m_sk.receive_window(), server_isn + 1, 100});
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_OVERWINDOW));
    receive({tcphdr_ack | tcphdr_psh, client_isn + 2 + m_sk.receive_window(), server_isn + 1, 100});
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_INVALID_SEQUENCE));
}

TEST_F(out_of_order, ClosedWindowDropsDataInOrderAndTakesABareFin) {
    m_sk.rcv_wnd = 0;
    m_sk.rcv_wup = m_sk.rcv_nxt;
    receive_at(0);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_ZEROWINDOW));
    m_sk.rcv_wnd = 0;
    m_sk.rcv_wup = m_sk.rcv_nxt;
    receive_at(0, tcphdr_ack | tcphdr_fin, 0);
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE_WAIT);
}

TEST_F(out_of_order, FinThatWaitedClosesOnceTheGapIsFilled) {
    receive_at(100, tcphdr_ack | tcphdr_fin);
    EXPECT_EQ(m_sk.skc_state, TCP_ESTABLISHED);
    receive_at(0);
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE_WAIT);
    EXPECT_EQ(m_sk.unread_bytes(), 200u);
}

}  // namespace
}  // namespace rxpath
