#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class tcp_handshake : public socket_fixture {};

TEST_F(tcp_handshake, SynIsAnsweredWithTheGivenSequenceNumber) {
    m_sockets.set_next_isn({server_isn});
    receive({tcphdr_syn, client_isn});
    ASSERT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    EXPECT_EQ(m_context.sent[0].seq.value, server_isn);
    EXPECT_EQ(m_context.sent[0].ack_seq.value, client_isn + 1);
    EXPECT_EQ(m_sockets.request_count(), 1u);
    EXPECT_EQ(m_listener->icsk_accept_queue.qlen, 1u);
}

// RFC 1122, 4.2.3.10: a SYN to a broadcast or multicast address must be ignored.
TEST_F(tcp_handshake, SynToABroadcastAddressIsNotAnswered) {
    rtable_of(*m_route).rt_flags = rtcf_broadcast;
    receive({tcphdr_syn, client_isn});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_sockets.request_count(), 0u);
}

TEST_F(tcp_handshake, ThirdPacketMakesAnEstablishedChildThatWaitsForAccept) {
    m_sockets.set_next_isn({server_isn});
    receive({tcphdr_syn, client_isn});
    EXPECT_EQ(m_sockets.accept(*m_listener), nullptr);
    receive({tcphdr_ack, client_isn + 1, server_isn + 1});
    EXPECT_EQ(m_sockets.request_count(), 0u);
    EXPECT_THAT(m_context.woken, ElementsAre(m_listener));
    auto* child = m_sockets.accept(*m_listener);
    ASSERT_NE(child, nullptr);
    EXPECT_EQ(child->skc_state, TCP_ESTABLISHED);
    EXPECT_EQ(child->peer(), m_client);
    EXPECT_EQ(child->rcv_nxt.value, client_isn + 1);
    EXPECT_EQ(child->snd_una.value, server_isn + 1);
    EXPECT_EQ(m_sockets.accept(*m_listener), nullptr);
}

TEST_F(tcp_handshake, RepeatedSynIsAnsweredAgainWithTheSameNumber) {
    m_sockets.set_next_isn({server_isn});
    receive({tcphdr_syn, client_isn});
    receive({tcphdr_syn, client_isn});
    ASSERT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    EXPECT_EQ(m_context.sent[0].seq.value, server_isn);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(tcp_handshake, RepeatedSynWithinHalfASecondOfTheLastIsNotAnswered) {
    receive({tcphdr_syn, client_isn});
    receive({tcphdr_syn, client_isn});
    receive({tcphdr_syn, client_isn});
    EXPECT_THAT(sends(), IsEmpty());
    wait(milliseconds(500));
    receive({tcphdr_syn, client_isn});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
}

TEST_F(tcp_handshake, WrongAcknowledgementIsResetAndTheRequestStays) {
    m_sockets.set_next_isn({server_isn});
    receive({tcphdr_syn, client_isn});
    receive({tcphdr_ack, client_isn + 1, server_isn + 7});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_FLAGS));
    EXPECT_EQ(m_sockets.request_count(), 1u);
}

TEST_F(tcp_handshake, ResetInTheWindowEndsTheRequest) {
    receive({tcphdr_syn, client_isn});
    receive({tcphdr_rst, client_isn + 1});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(m_sockets.request_count(), 0u);
    EXPECT_EQ(m_listener->icsk_accept_queue.qlen, 0u);
}

TEST_F(tcp_handshake, ResetOutsideTheWindowIsIgnored) {
    receive({tcphdr_syn, client_isn});
    receive({tcphdr_rst, client_isn - 1000});
    EXPECT_EQ(m_sockets.request_count(), 1u);
}

TEST_F(tcp_handshake, ResetInTheWindowButNotExactIsChallenged) {
    receive({tcphdr_syn, client_isn});
    receive({tcphdr_rst, client_isn + 2});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sockets.request_count(), 1u);
}

TEST_F(tcp_handshake, ListenerAnswersAnAckWithAResetAndAResetWithNothing) {
    receive({tcphdr_ack, 1, 1});
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_FLAGS));
    receive({tcphdr_rst, 1});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_RESET));
}

TEST_F(tcp_handshake, SynWithFinIsDropped) {
    receive({tcphdr_syn | tcphdr_fin, client_isn});
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_FLAGS));
}

// inet_csk_reqsk_queue_is_full() asks for more than the backlog.
TEST_F(tcp_handshake, SynQueueHoldsOneMoreThanTheBacklog) {
    m_sysctls.tcp_syncookies = 0;
    auto& small = m_sockets.listen({m_server.address, {81}}, 0, 2);
    const auto syn = [&](std::uint16_t port) {
        receive(tcp_skb({tcphdr_syn, client_isn}, {m_client.address, {port}}, small.local()));
    };
    syn(1), syn(2), syn(3);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    syn(4);
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(small.icsk_accept_queue.qlen, 3u);
    EXPECT_EQ(small.sk_drops, 1u);
    EXPECT_EQ(m_context.counted.listen_drops, 1u);
    EXPECT_EQ(m_context.counted.listen_overflows, 0u);
}

TEST_F(tcp_handshake, FullAcceptQueueKeepsTheRequestUntilThereIsRoom) {
    auto& small = m_sockets.listen({m_server.address, {81}}, 0, 2);
    const auto syn = [&](std::uint16_t port) {
        m_sockets.set_next_isn({server_isn});
        receive(tcp_skb({tcphdr_syn, client_isn}, {m_client.address, {port}}, small.local()));
    };
    const auto third = [&](std::uint16_t port) {
        receive(tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1}, {m_client.address, {port}}, small.local()));
    };
    syn(1), syn(2), third(1), third(2), syn(3), syn(4), third(3);
    EXPECT_EQ(small.icsk_accept_queue.children.size(),
              3u);  // one more than the limit: sk_acceptq_is_full() asks for more
    third(4);
    EXPECT_EQ(small.icsk_accept_queue.children.size(), 3u);
    EXPECT_EQ(small.icsk_accept_queue.qlen, 1u);
    EXPECT_THAT(sends(), IsEmpty());
    m_sockets.accept(small);
    third(4);
    EXPECT_EQ(small.icsk_accept_queue.children.size(), 3u);
    EXPECT_EQ(small.icsk_accept_queue.qlen, 0u);
}

TEST_F(tcp_handshake, FullAcceptQueueRefusesSyns) {
    auto& small = m_sockets.listen({m_server.address, {81}}, 0, 0);
    small.icsk_accept_queue.sk_max_ack_backlog = 1;
    small.icsk_accept_queue.children.assign(2, &small);
    receive(tcp_skb({tcphdr_syn, client_isn}, m_client, small.local()));
    EXPECT_THAT(sends(), IsEmpty());
    EXPECT_EQ(small.sk_drops, 1u);
    EXPECT_EQ(m_context.counted.listen_drops, 1u);
    EXPECT_EQ(m_context.counted.listen_overflows, 1u);
    small.icsk_accept_queue.children.clear();
}

TEST_F(tcp_handshake, FullAcceptQueueResetsIfItIsToldTo) {
    auto& small = m_sockets.listen({m_server.address, {81}});
    m_sysctls.tcp_abort_on_overflow = 1;
    m_sockets.set_next_isn({server_isn});
    receive(tcp_skb({tcphdr_syn, client_isn}, m_client, small.local()));
    small.icsk_accept_queue.sk_max_ack_backlog = 0;
    small.icsk_accept_queue.children.assign(1, &small);
    receive(tcp_skb({tcphdr_ack, client_isn + 1, server_isn + 1}, m_client, small.local()));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::reset));
    EXPECT_EQ(m_sockets.request_count(), 0u);
    small.icsk_accept_queue.children.clear();
}

TEST_F(tcp_handshake, OptionsOfTheSynAreAgreedOn) {
    const std::vector<std::uint8_t> mss_sack_ts_wscale{2, 4, 0x05, 0x78, 4, 2, 8, 10, 0, 0,
                                                       0, 9, 0,    0,    0, 0, 1, 3,  3, 7};
    auto syn = segment{tcphdr_syn, client_isn};
    syn.options = mss_sack_ts_wscale;
    m_sockets.set_next_isn({server_isn});
    receive(syn);
    segment third{tcphdr_ack, client_isn + 1, server_isn + 1};
    third.options = {1, 1, 8, 10, 0, 0, 0, 10, 0, 0, 0, 0};
    receive(third);
    auto* child = m_sockets.accept(*m_listener);
    ASSERT_NE(child, nullptr);
    EXPECT_EQ(child->rx_opt.mss, 0x578u);
    EXPECT_EQ(child->rx_opt.snd_wscale, 7);
    EXPECT_EQ(child->rx_opt.rcv_wscale, 7);  // tcp_rmem[2] of 6 MiB needs 7
    EXPECT_TRUE(child->rx_opt.tstamp_ok);
    EXPECT_TRUE(child->rx_opt.sack_ok);
    EXPECT_EQ(child->tcp_header_len, 32u);
    EXPECT_EQ(child->snd_wnd, 65535u << 7);
}

TEST_F(tcp_handshake, InitialWindowIsWhatTheDefaultBufferHoldsInWholeSegments) {
    m_sockets.set_next_isn({server_isn});
    receive({tcphdr_syn, client_isn});
    EXPECT_EQ(m_context.sent[0].window, 64240);  // 131072 / 2, in segments of 1460
}

}  // namespace
}  // namespace rxpath
