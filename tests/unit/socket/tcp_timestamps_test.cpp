#include "models/socket/tcp_options.h"
#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::uint8_t> timestamp(std::uint32_t value, std::uint32_t echo = 0) {
    std::vector<std::uint8_t> option{1, 1, 8, 10};
    for (const auto word : {value, echo})
        for (int shift = 24; shift >= 0; shift -= 8) option.push_back(static_cast<std::uint8_t>(word >> shift));
    return option;
}

class timestamps : public socket_fixture {
protected:
    static constexpr std::uint32_t now = 1000;

    tcp_sock& connect_with_timestamps() {
        segment syn{tcphdr_syn, client_isn};
        syn.options = timestamp(now);
        m_sockets.set_next_isn({server_isn});
        receive(syn);
        receive_at(now, 0, 0);
        return *m_sockets.accept(*m_listener);
    }
    void receive_at(std::uint32_t value, std::uint32_t offset, std::uint32_t bytes, std::uint8_t flags = tcphdr_ack) {
        segment s{flags, client_isn + 1 + offset, server_isn + 1, bytes};
        s.options = timestamp(value);
        receive(s);
    }
    tcp_sock& m_sk = connect_with_timestamps();
};

TEST_F(timestamps, NewestOneIsRememberedAndPredicted) {
    receive_at(now + 5, 0, 100);
    EXPECT_EQ(m_sk.rx_opt.ts_recent, now + 5);
    receive_at(now + 9, 100, 100);
    EXPECT_EQ(m_sk.rx_opt.ts_recent, now + 9);
}

TEST_F(timestamps, DataWithAnOldOneIsADuplicateAndAnswered) {
    receive_at(now - 100, 0, 100);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_RFC7323_PAWS));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sk.unread_bytes(), 0u);
}

// It may have been overtaken, and says nothing that could do harm.
TEST_F(timestamps, PureAckOvertakenByALittleIsTaken) {
    receive_at(now - 100, 0, 0);
    EXPECT_THAT(drops(), IsEmpty());
    EXPECT_EQ(m_sk.rx_opt.ts_recent, now);
}

TEST_F(timestamps, PureAckFromLongAgoIsNot) {
    receive_at(now - 900, 0, 0);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::TCP_RFC7323_PAWS));
}

TEST_F(timestamps, ResetIsAcceptedWhateverItsTimestamp) {
    receive_at(now - 100, 0, 0, tcphdr_rst);
    EXPECT_EQ(m_sk.skc_state, TCP_CLOSE);
}

TEST_F(timestamps, PeerThatBeganWithZeroHasNone) {
    m_sk.rx_opt.ts_recent = 0;
    receive_at(0x80000001, 0, 100);
    EXPECT_THAT(drops(), IsEmpty());
}

TEST_F(timestamps, AreNotAgreedOnIfSysctlForbids) {
    m_sysctls.tcp_timestamps = 0;
    segment syn{tcphdr_syn, client_isn};
    syn.options = timestamp(now);
    EXPECT_FALSE(parse_syn_options(tcp_skb(syn, m_client, m_server), m_sysctls).tstamp_ok);
}

class timestamps_in_time_wait : public timestamps {
protected:
    timestamps_in_time_wait() {
        m_sockets.close(m_context, m_sk);
        segment fin{tcphdr_ack | tcphdr_fin, client_isn + 1, server_isn + 2};
        fin.options = timestamp(now);
        receive(fin);
    }
};

TEST_F(timestamps_in_time_wait, OldDuplicateIsAnsweredAndBeginsTheWaitAnew) {
    receive_at(now - 100, 1, 0);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::ack));
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
}

// RFC 6191: the timestamp proves that it is no old SYN, though its sequence number is lower.
TEST_F(timestamps_in_time_wait, NewerSynBeginsANewConnection) {
    receive_at(now + 10, -100u, 0, tcphdr_syn);
    EXPECT_THAT(sends(), ElementsAre(sent_kind::syn_ack));
    receive_at(now - 10, -100u, 0, tcphdr_syn);
    EXPECT_EQ(m_sockets.timewait_count(), 0u);
}

}  // namespace
}  // namespace rxpath
