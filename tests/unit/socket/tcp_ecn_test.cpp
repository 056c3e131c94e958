// RFC 3168, as a receiver.
#include "models/socket/tcp_ecn.h"

#include "socket_fixture.h"

#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t not_ect = 0, ect_1 = 1, ect_0 = 2, ce = 3;

class tcp_ecn : public socket_fixture {
protected:
    static constexpr std::uint8_t asking = tcphdr_syn | tcphdr_ece | tcphdr_cwr;

    sk_buff marked(const segment& s, std::uint8_t ecn) {
        auto skb = tcp_skb(s, m_client, m_server);
        skb.head[1] = ecn;
        return skb;
    }
    // Data in order; answers the flags of the ACK, nothing when it is delayed.
    std::uint8_t data(tcp_sock& sk, std::uint8_t ecn, std::uint8_t flags = 0) {
        receive(marked(
            {static_cast<std::uint8_t>(tcphdr_ack | tcphdr_psh | flags), sk.rcv_nxt.value, sk.snd_nxt.value, 100},
            ecn));
        return m_context.sent.empty() ? std::uint8_t{0} : m_context.sent[0].tcp_flags;
    }
    // No quick ACK is left, and the application answers.
    tcp_sock& connect_and_settle() {
        auto& sk = connect({asking, client_isn});
        data(sk, ect_0);
        sk.icsk_ack.quick = 0;
        return sk;
    }
};

TEST_F(tcp_ecn, SynThatAsksGetsIt) {
    receive({asking, client_isn});
    ASSERT_EQ(m_context.sent.size(), 1u);
    EXPECT_EQ(m_context.sent[0].tcp_flags, tcphdr_syn | tcphdr_ack | tcphdr_ece);
}

TEST_F(tcp_ecn, SynThatDoesNotAskWithBothFlagsDoesNot) {
    std::uint16_t port = 50000;
    for (const std::uint8_t one : {std::uint8_t{0}, tcphdr_ece, tcphdr_cwr}) {
        const auto flags = static_cast<std::uint8_t>(tcphdr_syn | one);
        receive(tcp_skb({flags, client_isn}, {m_client.address, {port++}}, m_server));
        EXPECT_EQ(m_context.sent.at(0).tcp_flags, tcphdr_syn | tcphdr_ack) << int{one};
    }
}

TEST_F(tcp_ecn, SysctlForbidsIt) {
    m_sysctls.tcp_ecn = 0;
    EXPECT_EQ(connect({asking, client_isn}).ecn_flags, 0);
}

TEST_F(tcp_ecn, SynThatIsMarkedItselfDoesNotGetItUnlessReservedBitsAreSet) {
    receive(marked({asking, client_isn}, ect_0));
    EXPECT_EQ(m_context.sent.at(0).tcp_flags, tcphdr_syn | tcphdr_ack);
    auto newer = tcp_skb({asking, client_isn}, {m_client.address, {50000}}, m_server);
    newer.head[1] = ect_0;
    newer.head[32] |= 1;
    receive(newer);
    EXPECT_EQ(m_context.sent.at(0).tcp_flags, tcphdr_syn | tcphdr_ack | tcphdr_ece);
}

TEST_F(tcp_ecn, MarkIsAnsweredAtOnceAndEchoedUntilTheSenderHasSlowedDown) {
    auto& sk = connect_and_settle();
    EXPECT_EQ(data(sk, ce), tcphdr_ack | tcphdr_ece);
    EXPECT_EQ(sk.icsk_ack.quick, 1u);  // of two
    sk.icsk_ack.quick = 0;
    EXPECT_EQ(data(sk, ce), 0);  // a mark that follows raises no more
    EXPECT_EQ(data(sk, ect_0, tcphdr_cwr), tcphdr_ack);
}

TEST_F(tcp_ecn, RetransmissionIsKnownByItsMissingMark) {
    auto& sk = connect_and_settle();
    EXPECT_EQ(data(sk, not_ect), tcphdr_ack);
    EXPECT_EQ(sk.icsk_ack.quick, 1u);
}

TEST_F(tcp_ecn, UnmarkedDataIsNothingSpecialBeforeMarkedDataCame) {
    auto& sk = connect({asking, client_isn});
    data(sk, not_ect);
    sk.icsk_ack.quick = 0;
    EXPECT_EQ(data(sk, not_ect), 0);
    EXPECT_EQ(calls_of(fn::__tcp_ecn_check_ce), 1u);
}

TEST_F(tcp_ecn, NobodyLooksAtMarksThatWereNotAgreedOn) {
    auto& sk = connect();
    data(sk, ce);
    sk.icsk_ack.quick = 0;
    EXPECT_EQ(data(sk, ce), 0);
    EXPECT_EQ(calls_of(fn::__tcp_ecn_check_ce), 0u);
}

// Of whoever says it, agreed on or not (RFC 3168, 6.1.2; tcp_ecn_accept_cwr()).
TEST_F(tcp_ecn, DataOfASenderThatHasSlowedDownIsAcknowledgedAtOnce) {
    auto& sk = connect();
    data(sk, not_ect);
    sk.icsk_ack.quick = 0;
    EXPECT_EQ(data(sk, ect_1, tcphdr_cwr), tcphdr_ack);
}

TEST_F(tcp_ecn, MarkOutOfOrderCountsToo) {
    auto& sk = connect_and_settle();
    receive(marked({tcphdr_ack | tcphdr_psh, sk.rcv_nxt.value + 1000, sk.snd_nxt.value, 100}, ce));
    EXPECT_NE(sk.ecn_flags & tcp_ecn_demand_cwr, 0);
}

}  // namespace
}  // namespace rxpath
