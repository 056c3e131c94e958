#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

class urgent : public socket_fixture {
protected:
    // Data with the urgent pointer `pointer`, which by custom is one beyond the urgent byte.
    void receive_urgent(std::uint16_t pointer, std::uint32_t bytes = 100) {
        segment s{tcphdr_ack | tcphdr_urg, m_sk.rcv_nxt.value, server_isn + 1, bytes};
        s.urgent_pointer = pointer;
        receive(s);
    }
    tcp_sock& m_sk = connect();
};

TEST_F(urgent, ByteInTheSegmentWakesTheReaderTwice) {
    receive_urgent(10);
    EXPECT_EQ(m_sk.urg_data, urgent_data::received);
    EXPECT_EQ(m_sk.urg_seq.value, client_isn + 1 + 9);
    EXPECT_THAT(m_context.woken, ElementsAre(&m_sk, &m_sk));
}

TEST_F(urgent, PointerCountsFromTheByteItselfIfSysctlSaysSo) {
    m_sysctls.tcp_stdurg = 1;
    receive_urgent(10);
    EXPECT_EQ(m_sk.urg_seq.value, client_isn + 1 + 10);
}

TEST_F(urgent, PredictionIsOffUntilTheByteIsRead) {
    receive_urgent(10);
    EXPECT_EQ(m_sk.pred_flags, 0u);
    receive_data(m_sk);
    EXPECT_EQ(m_sk.pred_flags, 0u);
    m_sockets.recv_all(m_context, m_sk);
    EXPECT_EQ(m_sk.urg_data, urgent_data::none);
    EXPECT_NE(m_sk.pred_flags, 0u);
}

TEST_F(urgent, ByteOfALaterSegmentIsAwaited) {
    receive_urgent(150);
    EXPECT_EQ(m_sk.urg_data, urgent_data::expected);
    receive_data(m_sk);
    EXPECT_EQ(m_sk.urg_data, urgent_data::received);
}

TEST_F(urgent, PointerIntoWhatWasReceivedIsIgnored) {
    receive_data(m_sk);
    m_sockets.recv_all(m_context, m_sk);
    receive_urgent(0, 0);
    const auto seq = m_sk.urg_seq;
    m_sockets.recv_all(m_context, m_sk);
    receive_data(m_sk);
    receive({tcphdr_ack | tcphdr_urg, client_isn + 1, server_isn + 1, 0});
    EXPECT_EQ(m_sk.urg_seq, seq);
}

}  // namespace
}  // namespace rxpath
