// tcp_peer: the other end of a connection.
#include "models/wire/tcp_peer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "recording_sink.h"

namespace rxpath {
namespace {

const endpoint client{{0x0a000002}, {40000}}, server{{0x0a000001}, {80}};
constexpr auto second = milliseconds(1000);

class tcp_peer_connection : public testing::Test {
protected:
    using state = tcp_peer::state;

    tcp_header_view last() const { return m_sink.frames.back().tcp(); }
    void hear(sent_kind kind, std::uint32_t seq, tcp_sequence ack, std::uint16_t window = 1000) {
        m_peer.hear({kind, server, client, {seq}, ack, 0, window}, m_now, m_sink, 0);
    }
    bool send(std::uint64_t payload = 100) { return m_peer.send({payload}, m_now, m_sink, 0); }
    // The handshake; the host begins at 500.
    void connect(std::uint16_t window = 1000) {
        m_peer.connect(m_now, m_sink, 0);
        m_first = last().seq() + 1;
        hear(sent_kind::syn_ack, 500, m_first, window);
    }

    recording_sink m_sink;
    tcp_peer m_peer{client, server, {1000}};
    picoseconds m_now{};
    tcp_sequence m_first;  // of its data
};

TEST_F(tcp_peer_connection, HandshakeIsSynThenAckOfTheSynAck) {
    m_peer.connect(m_now, m_sink, 0);
    EXPECT_EQ(m_peer.current(), state::syn_sent);
    EXPECT_EQ(last().flags(), tcphdr_syn);
    EXPECT_EQ(last().ack_seq(), tcp_sequence{0});
    const auto isn = last().seq();
    hear(sent_kind::syn_ack, 500, isn + 1);
    EXPECT_EQ(m_peer.current(), state::established);
    EXPECT_EQ(last().flags(), tcphdr_ack);
    EXPECT_EQ(last().seq(), isn + 1);
    EXPECT_EQ(last().ack_seq(), tcp_sequence{501});
    EXPECT_EQ(m_sink.frames.size(), 2u);
}

TEST_F(tcp_peer_connection, LostSynIsSentAgainAfterASecond) {
    m_peer.connect(m_now, m_sink, 0);
    const auto isn = last().seq();
    m_now += second - picoseconds{1};
    m_peer.retransmit(m_now, m_sink, 0);
    EXPECT_EQ(m_sink.frames.size(), 1u);
    m_now += picoseconds{1};
    m_peer.retransmit(m_now, m_sink, 0);
    ASSERT_EQ(m_sink.frames.size(), 2u);
    EXPECT_EQ(last().flags(), tcphdr_syn);
    EXPECT_EQ(last().seq(), isn);
}

TEST_F(tcp_peer_connection, SendsNoMoreThanTheWindow) {
    connect(250);
    EXPECT_TRUE(send());
    EXPECT_TRUE(send());
    EXPECT_FALSE(send());  // 300 bytes would be under way
    hear(sent_kind::ack, 501, m_first + 100, 250);
    EXPECT_TRUE(send());
    EXPECT_EQ(last().seq(), m_first + 200);
    EXPECT_EQ(m_peer.segments_sent(), 3u);
}

TEST_F(tcp_peer_connection, SegmentsFollowOneAnother) {
    connect();
    send(100), send(30), send(1);
    const auto& frames = m_sink.frames;
    EXPECT_EQ(frames[2].tcp().seq(), m_first);
    EXPECT_EQ(frames[3].tcp().seq(), m_first + 100);
    EXPECT_EQ(frames[4].tcp().seq(), m_first + 130);
    EXPECT_EQ(frames[3].payload(), 30u);
}

TEST_F(tcp_peer_connection, ThreeDuplicateAcksSendTheLostSegmentAgain) {
    connect();
    for (int i = 0; i < 4; ++i) send();
    hear(sent_kind::ack, 501, m_first + 100);
    hear(sent_kind::ack, 501, m_first + 100);
    hear(sent_kind::ack, 501, m_first + 100);
    send();
    EXPECT_EQ(last().seq(), m_first + 400);  // two duplicates are not enough
    hear(sent_kind::ack, 501, m_first + 100);
    send();
    EXPECT_EQ(last().seq(), m_first + 100);
    EXPECT_EQ(m_peer.segments_sent(), 5u);  // each counted once
}

TEST_F(tcp_peer_connection, WindowUpdatesAreNoDuplicates) {
    connect();
    for (int i = 0; i < 2; ++i) send();
    for (const auto window : std::vector<std::uint16_t>{1100, 1200, 1300, 1400})
        hear(sent_kind::ack, 501, m_first, window);
    send();
    EXPECT_EQ(last().seq(), m_first + 200);
}

TEST_F(tcp_peer_connection, TimeOutSendsTheFirstUnacknowledgedAgain) {
    connect();
    send(), send();
    m_now += second - picoseconds{1};
    send();
    EXPECT_EQ(last().seq(), m_first + 200);  // not yet
    m_now += picoseconds{1};
    send();
    EXPECT_EQ(last().seq(), m_first);
}

// Turns when nothing is heard, until the peer acts no more; answers when it acted last.
class tcp_peer_alone : public tcp_peer_connection {
protected:
    void let_time_pass(std::optional<byte_count> wants_to_send = std::nullopt) {
        while (const auto ready = m_peer.ready_at(wants_to_send)) {
            m_now = std::max(m_now, *ready);
            if (wants_to_send)
                send(wants_to_send->value);
            else
                m_peer.retransmit(m_now, m_sink, 0);
        }
    }
};

// SYNs after 1, 3, 7, 15, 31 and 63 s, and the end after 127 s: Linux with tcp_syn_retries 6.
TEST_F(tcp_peer_alone, GivesUpAfterSixMoreSyns) {
    m_peer.connect(m_now, m_sink, 0);
    let_time_pass();
    EXPECT_EQ(m_sink.frames.size(), 7u);
    EXPECT_EQ(m_peer.current(), state::lost);
    EXPECT_EQ(m_now, second * 127);
}

// Time-outs of 1 to 64 s, then of 120 s each: 15 segments more, and the end at the 16th.
TEST_F(tcp_peer_alone, GivesUpDataAfterFifteenRetransmissions) {
    connect();
    send();
    const auto before = m_sink.frames.size();
    let_time_pass();
    EXPECT_EQ(m_sink.frames.size() - before, 15u);
    EXPECT_EQ(m_peer.current(), state::lost);
    EXPECT_EQ(m_now, second * (127 + 9 * 120));
}

TEST_F(tcp_peer_alone, ProgressBeginsAnewWithTheFirstTimeOut) {
    connect();
    send(), send();
    m_now += second;
    send();
    hear(sent_kind::ack, 501, m_first + 100);
    send();  // the second once more
    EXPECT_EQ(m_peer.ready_at({}), m_now + second);
}

TEST_F(tcp_peer_alone, ProbesAWindowThatStaysClosed) {
    connect(100);
    send();
    hear(sent_kind::ack, 501, m_first + 100, 0);
    const auto before = m_sink.frames.size();
    m_now += second;
    send();
    ASSERT_EQ(m_sink.frames.size(), before + 1);
    EXPECT_EQ(last().seq(), m_first + 99);
    EXPECT_EQ(m_sink.frames.back().payload(), 0u);
    let_time_pass(byte_count{100});
    EXPECT_EQ(m_sink.frames.size(), before + 15);
    EXPECT_EQ(m_peer.current(), state::lost);
}

TEST_F(tcp_peer_alone, ResendsDataBeforeItsFin) {
    connect();
    send();
    m_peer.close(m_now, m_sink, 0);
    m_now += second;
    m_peer.retransmit(m_now, m_sink, 0);
    EXPECT_EQ(last().seq(), m_first);
    EXPECT_EQ(m_sink.frames.back().payload(), 100u);
    m_peer.retransmit(m_now, m_sink, 0);
    EXPECT_EQ(last().flags(), tcphdr_fin | tcphdr_ack);
    EXPECT_EQ(last().seq(), m_first + 100);
}

TEST_F(tcp_peer_alone, WaitsForTheHostOnlyWhenAllIsAcknowledged) {
    connect();
    EXPECT_FALSE(m_peer.ready_at({}));
    send();
    EXPECT_EQ(m_peer.ready_at({}), m_now + second);
    hear(sent_kind::ack, 501, m_first + 100);
    EXPECT_FALSE(m_peer.ready_at({}));
}

TEST_F(tcp_peer_connection, RefusalsAreCountedUntilASegmentIsAcknowledged) {
    for (std::uint32_t times = 1; times <= 2; ++times) {
        m_peer.connect(m_now, m_sink, 0);
        hear(sent_kind::reset, 0, last().seq() + 1);
        EXPECT_EQ(m_peer.refusals(), times);
    }
    connect();
    send();
    hear(sent_kind::ack, 501, m_first + 100);
    EXPECT_EQ(m_peer.refusals(), 0u);
}

TEST_F(tcp_peer_connection, ClosesFirst) {
    connect();
    m_peer.close(m_now, m_sink, 0);
    EXPECT_EQ(last().flags(), tcphdr_fin | tcphdr_ack);
    EXPECT_EQ(m_peer.current(), state::fin_wait);
    hear(sent_kind::ack, 501, m_first + 1);
    EXPECT_EQ(m_peer.current(), state::fin_wait);
    hear(sent_kind::fin, 501, m_first + 1);
    EXPECT_EQ(m_peer.current(), state::closed);
    EXPECT_EQ(last().flags(), tcphdr_ack);
    EXPECT_EQ(last().ack_seq(), tcp_sequence{502});
}

TEST_F(tcp_peer_connection, ClosesAfterTheHostAndRepeatsItsFinOnce) {
    connect();
    hear(sent_kind::fin, 501, m_first);
    EXPECT_EQ(m_peer.current(), state::last_ack);
    EXPECT_EQ(last().flags(), tcphdr_fin | tcphdr_ack);
    EXPECT_EQ(last().ack_seq(), tcp_sequence{502});
    const auto fin = last().seq();
    hear(sent_kind::ack, 502, fin + 1);
    EXPECT_EQ(m_peer.current(), state::done);
    m_peer.repeat_fin(m_sink, 0);
    EXPECT_EQ(last().seq(), fin);
    EXPECT_EQ(m_peer.current(), state::closed);
}

TEST_F(tcp_peer_connection, ResetEndsIt) {
    connect();
    hear(sent_kind::reset, 501, m_first);
    EXPECT_EQ(m_peer.current(), state::closed);
}

// TIME_WAIT takes a SYN only beyond what it saw (RFC 6191).
TEST_F(tcp_peer_connection, NextConnectionBeginsBeyondThisOne) {
    connect();
    send();
    hear(sent_kind::reset, 501, m_first);
    m_peer.connect(m_now, m_sink, 0);
    EXPECT_TRUE(after(last().seq(), m_first + 100));
    EXPECT_EQ(m_peer.segments_sent(), 0u);
}

}  // namespace
}  // namespace rxpath
