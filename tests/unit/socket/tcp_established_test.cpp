#include "socket_fixture.h"

#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class tcp_established : public socket_fixture {
protected:
    tcp_sock& m_sk = connect();
};

TEST_F(tcp_established, DataInOrderIsQueuedAndWakesTheReader) {
    receive_data(m_sk, 100);
    EXPECT_EQ(m_sk.unread_bytes(), 100u);
    EXPECT_EQ(m_sk.rcv_nxt.value, client_isn + 101);
    EXPECT_THAT(m_context.woken, ElementsAre(&m_sk));
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_EQ(m_sk.sk_receive_queue[0].number, m_number);
}

TEST_F(tcp_established, MemoryIsReservedInPagesAndGivenBackWhenRead) {
    receive_data(m_sk);
    EXPECT_EQ(m_sk.sk_rmem_alloc, 832u);
    EXPECT_EQ(m_sk.sk_forward_alloc, 4096 - 832);
    EXPECT_EQ(calls_of(fn::__sk_mem_schedule), 1u);
    EXPECT_EQ(m_sockets.recv_all(m_context, m_sk), 100u);
    EXPECT_EQ(m_sk.sk_rmem_alloc, 0u);
    EXPECT_EQ(m_sk.sk_forward_alloc, 0);
}

TEST_F(tcp_established, SecondUnreadPacketUsesThePageReservedAndIsMergedIntoTheFirst) {
    receive_data(m_sk);
    receive_data(m_sk);
    EXPECT_EQ(calls_of(fn::__sk_mem_schedule), 0u);
    EXPECT_EQ(calls_of(fn::tcp_try_coalesce), 1u);
    EXPECT_EQ(m_sk.unread_bytes(), 200u);
    EXPECT_EQ(m_sk.sk_rmem_alloc, 832u + 832 - 256);  // the second sk_buff itself is freed
}

TEST_F(tcp_established, PureAckLeavesNothingBehind) {
    receive({tcphdr_ack, client_isn + 1, server_isn + 1});
    EXPECT_EQ(m_sk.unread_bytes(), 0u);
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_EQ(calls_of(fn::tcp_data_queue), 0u);
}

TEST_F(tcp_established, AcknowledgementOfSentDataMovesSndUna) {
    m_sockets.send(m_context, m_sk, 500);
    receive({tcphdr_ack, client_isn + 1, server_isn + 501});
    EXPECT_EQ(m_sk.snd_una.value, server_isn + 501);
}

TEST_F(tcp_established, AcknowledgementOfUnsentDataIsDropped) {
    receive({tcphdr_ack, client_isn + 1, server_isn + 501});
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_ACK_UNSENT_DATA));
    EXPECT_EQ(m_sk.snd_una.value, server_isn + 1);
}

TEST_F(tcp_established, VeryOldAcknowledgementIsChallenged) {
    receive({tcphdr_ack, client_isn + 1, server_isn - 100000});
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_TOO_OLD_ACK));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

TEST_F(tcp_established, AnotherWindowTurnsPredictionToIt) {
    const auto receive_with_window = [&](std::uint16_t window) {
        receive({tcphdr_ack | tcphdr_psh, m_sk.rcv_nxt.value, server_isn + 1, 100, window});
        m_sockets.recv_all(m_context, m_sk);
    };
    receive_with_window(65535);
    receive_with_window(1000);
    EXPECT_EQ(m_sk.snd_wnd, 1000u);
    EXPECT_EQ(calls_of(fn::tcp_validate_incoming), 1u);
    receive_with_window(1000);
    EXPECT_EQ(calls_of(fn::tcp_validate_incoming), 0u);  // predicted
}

TEST_F(tcp_established, NarrowerWindowInTheSameSegmentIsNotBelieved) {
    receive({tcphdr_ack, client_isn + 1, server_isn + 1, 0, 1000});
    EXPECT_EQ(m_sk.snd_wnd, 65535u);
}

TEST_F(tcp_established, PshIsIgnoredByPredictionAndUrgIsNot) {
    receive({tcphdr_ack, client_isn + 1, server_isn + 1, 100});
    EXPECT_EQ(calls_of(fn::tcp_validate_incoming), 0u);
    receive({tcphdr_ack | tcphdr_urg, client_isn + 101, server_isn + 1, 100});
    EXPECT_EQ(calls_of(fn::tcp_validate_incoming), 1u);
}

TEST_F(tcp_established, SegmentWithoutAckIsDropped) {
    receive({tcphdr_psh, client_isn + 1, server_isn + 1, 100});
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_FLAGS));
}

TEST_F(tcp_established, ResetAtTheNextSequenceNumberClosesTheConnection) {
    receive({tcphdr_rst, client_isn + 1});
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE);
    EXPECT_EQ(m_sockets.hashinfo().ehash.size(), 0u);
    EXPECT_THAT(m_context.woken, ElementsAre(&m_sk));
    EXPECT_THAT(drops(), IsEmpty());
}

TEST_F(tcp_established, ResetElsewhereInTheWindowIsChallenged) {
    receive({tcphdr_rst, client_isn + 2});
    EXPECT_EQ(m_sk.skc_state, TCP_ESTABLISHED);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_RESET));
}

TEST_F(tcp_established, ResetOutsideTheWindowIsDroppedSilently) {
    receive({tcphdr_rst, client_isn - 5000});
    EXPECT_EQ(m_sk.skc_state, TCP_ESTABLISHED);
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_OLD_SEQUENCE));
}

TEST_F(tcp_established, SynIsChallenged) {
    receive({tcphdr_syn, client_isn + 1});
    EXPECT_EQ(m_sk.skc_state, TCP_ESTABLISHED);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_INVALID_SYN));
}

TEST_F(tcp_established, OutOfWindowAnswersAreLimitedToOneInHalfASecond) {
    receive({tcphdr_ack, client_isn - 5000, server_isn + 1});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    receive({tcphdr_ack, client_isn - 5000, server_isn + 1});
    EXPECT_THAT(sends(), IsEmpty());
    wait(milliseconds(500));
    receive({tcphdr_ack, client_isn - 5000, server_isn + 1});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
}

TEST_F(tcp_established, OwnedSocketPutsPacketsIntoItsBacklog) {
    m_sockets.lock_sock(m_sk);
    receive_data(m_sk);
    EXPECT_EQ(m_sk.unread_bytes(), 0u);
    EXPECT_EQ(m_sk.sk_backlog.size(), 1u);
    m_sockets.release_sock(m_context, m_sk);
    EXPECT_EQ(m_sk.unread_bytes(), 100u);
    EXPECT_EQ(m_sk.sk_backlog_len, 0u);
}

TEST_F(tcp_established, FullBacklogDrops) {
    m_sockets.lock_sock(m_sk);
    constexpr std::uint32_t send_buffer = 87040;
    m_sk.sk_backlog_len = 2 * m_sk.sk_rcvbuf + send_buffer / 2 + 64 * 1024 + 1;
    receive_data(m_sk);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::SOCKET_BACKLOG));
}

// net.ipv4.tcp_backlog_ack_defer: the owner acknowledges what it found in its backlog with one segment.
TEST_F(tcp_established, BacklogIsAcknowledgedAsAWhole) {
    m_sockets.lock_sock(m_sk);
    for (std::uint32_t n = 0; n < 4; ++n)
        receive({tcphdr_ack | tcphdr_psh, client_isn + 1 + 100 * n, server_isn + 1, 100});
    m_sockets.release_sock(m_context, m_sk);
    ASSERT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_context.sent[0].ack_seq.value, client_isn + 401);
}

TEST_F(tcp_established, BacklogIsAcknowledgedSegmentBySegmentIfSysctlSaysSo) {
    m_sysctls.tcp_backlog_ack_defer = 0;
    m_sockets.lock_sock(m_sk);
    for (std::uint32_t n = 0; n < 4; ++n)
        receive({tcphdr_ack | tcphdr_psh, client_isn + 1 + 100 * n, server_isn + 1, 100});
    m_sockets.release_sock(m_context, m_sk);
    EXPECT_EQ(m_context.sent.size(), 4u);
}

TEST_F(tcp_established, BufferGrowsWithWhatIsQueuedUpToTheLargest) {
    receive_data(m_sk);
    m_sk.sk_rmem_alloc = m_sk.sk_rcvbuf + 1;
    m_sk.sk_forward_alloc = 0;
    receive_data(m_sk);
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_EQ(m_sk.sk_rcvbuf, 131073u);
}

TEST_F(tcp_established, BufferOfTheLargestSizeDropsWhenFull) {
    receive_data(m_sk);
    m_sk.sk_rcvbuf = static_cast<std::uint32_t>(m_sysctls.tcp_rmem_max);
    m_sk.sk_rmem_alloc = m_sk.sk_rcvbuf + 1;
    m_sk.sk_forward_alloc = 0;
    receive_data(m_sk);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::PROTO_MEM));
    EXPECT_EQ(m_sk.rcv_wnd, 0u);  // the ACK offered nothing
}

TEST_F(tcp_established, FilterRefusesEverything) {
    m_sk.sk_has_filter = true;
    receive_data(m_sk);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::SOCKET_FILTER));
}

TEST_F(tcp_established, ExistingConnectionReceivesAsIfItHadBeenThere) {
    const endpoint peer{m_client.address, {50000}};
    auto& sk = m_sockets.establish(m_server, peer, {7000}, {9000}, 65535);
    receive(tcp_skb({tcphdr_ack | tcphdr_psh, 7000, 9000, 100}, peer, m_server));
    EXPECT_EQ(sk.unread_bytes(), 100u);
    EXPECT_EQ(calls_of(fn::tcp_validate_incoming), 0u);
}

}  // namespace
}  // namespace rxpath
