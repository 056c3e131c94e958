// Flows: how much they send, when, and where.
#include "models/wire/flow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recording_sink.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

flow_spec make_spec(flow_spec::kind kind, std::uint64_t packets) {
    flow_spec spec;
    spec.type = kind;
    spec.from = {{0x0a000002}, {40000}};
    spec.to = {{0x0a000001}, {80}};
    spec.packets = packets;
    return spec;
}

// All turns up to the end, at most 100, and the times they were taken at.
std::vector<picoseconds> play(traffic& flow, recording_sink& sink) {
    std::vector<picoseconds> times;
    while (flow.next_turn() && times.size() < 100) {
        times.push_back(*flow.next_turn());
        flow.take_turn(times.back(), sink);
    }
    return times;
}

TEST(flow, SendsAsManyPacketsAsItIsToldAtItsInterval) {
    auto spec = make_spec(flow_spec::kind::udp, 3);
    spec.start = microseconds(7);
    spec.interval = microseconds(2);
    recording_sink sink;
    stateless_flow flow{spec, {0}};
    EXPECT_THAT(play(flow, sink), ElementsAre(microseconds(7), microseconds(9), microseconds(11)));
    EXPECT_EQ(sink.frames.size(), 3u);
}

TEST(flow, SendsToItsDestinationsInTurn) {
    auto spec = make_spec(flow_spec::kind::udp, 4);
    spec.destinations = 3;
    spec.destination_stride = 256;
    recording_sink sink;
    stateless_flow flow{spec, {0}};
    play(flow, sink);
    std::vector<int> third_bytes;  // of the destination
    for (const auto& sent : sink.frames) third_bytes.push_back(sent.frame.bytes[18]);
    EXPECT_THAT(third_bytes, ElementsAre(0, 1, 2, 0));
}

TEST(flow, WithoutALimitGoesOn) {
    recording_sink sink;
    stateless_flow flow{make_spec(flow_spec::kind::raw_tcp, 0), {0}};
    EXPECT_EQ(play(flow, sink).size(), 100u);
}

TEST(flow, ScanWithoutALimitTriesEachPortOnce) {
    auto spec = make_spec(flow_spec::kind::syn_scan, 0);
    spec.ports = 4;
    recording_sink sink;
    stateless_flow flow{spec, {0}};
    play(flow, sink);
    std::vector<int> ports;
    for (const auto& frame : sink.frames) {
        ports.push_back(frame.tcp().dest().value);
        EXPECT_EQ(frame.tcp().flags(), tcphdr_syn);
        EXPECT_EQ(frame.payload(), 0u);
    }
    EXPECT_THAT(ports, ElementsAre(80, 81, 82, 83));
}

TEST(flow, AlternatesOverItsDevices) {
    recording_sink sink;
    stateless_flow flow{make_spec(flow_spec::kind::udp, 4), {1, 0}};
    play(flow, sink);
    std::vector<std::size_t> devices;
    for (const auto& frame : sink.frames) devices.push_back(frame.device);
    EXPECT_THAT(devices, ElementsAre(1, 0, 1, 0));
}

TEST(flow, ConnectionsTakeTurns) {
    auto spec = make_spec(flow_spec::kind::raw_tcp, 4);
    spec.connections = 2;
    recording_sink sink;
    stateless_flow flow{spec, {0}};
    play(flow, sink);
    std::vector<int> ports;
    for (const auto& frame : sink.frames) ports.push_back(frame.tcp().source().value);
    EXPECT_THAT(ports, ElementsAre(40000, 40001, 40000, 40001));
}

class tcp_flow_connection : public testing::Test {
protected:
    // The host's answer to the last frame.
    void answer(tcp_flow& flow, sent_kind kind) {
        const auto tcp = m_sink.frames.back().tcp();
        const auto length =
            static_cast<std::uint32_t>(m_sink.frames.back().payload()) + (tcp.syn() || tcp.fin() ? 1 : 0);
        flow.hear({kind, m_spec.to, m_spec.from, {500}, tcp.seq() + length, 0, 64000}, {}, m_sink);
    }
    void turn(tcp_flow& flow) { flow.take_turn(*flow.next_turn(), m_sink); }
    std::uint8_t last_flags() const { return m_sink.frames.back().tcp().flags(); }

    recording_sink m_sink;
    flow_spec m_spec = make_spec(flow_spec::kind::tcp, 2);
};

TEST_F(tcp_flow_connection, ConnectsSendsItsPacketsAndCloses) {
    m_spec.close = true;
    tcp_flow flow{m_spec, {0}};
    turn(flow);
    EXPECT_EQ(last_flags(), tcphdr_syn);
    answer(flow, sent_kind::syn_ack);
    turn(flow), turn(flow);
    EXPECT_EQ(m_sink.frames.size(), 4u);  // SYN, ACK, two of data: the handshake is not counted as packets
    EXPECT_EQ(m_sink.frames.back().payload(), 100u);
    turn(flow);
    EXPECT_EQ(last_flags(), tcphdr_fin | tcphdr_ack);
    answer(flow, sent_kind::fin);
    EXPECT_FALSE(flow.next_turn());
}

TEST_F(tcp_flow_connection, WithoutCloseEndsAfterItsPackets) {
    tcp_flow flow{m_spec, {0}};
    turn(flow);
    answer(flow, sent_kind::syn_ack);
    turn(flow), turn(flow);
    EXPECT_FALSE(flow.next_turn());
}

TEST_F(tcp_flow_connection, ConnectsAgainAfterSoManyPackets) {
    m_spec.packets_per_connection = 1;
    tcp_flow flow{m_spec, {0}};
    turn(flow);
    answer(flow, sent_kind::syn_ack);
    turn(flow), turn(flow);
    EXPECT_EQ(last_flags(), tcphdr_fin | tcphdr_ack);
    answer(flow, sent_kind::fin);
    turn(flow);
    EXPECT_EQ(last_flags(), tcphdr_syn);
}

// Between two time-outs no turn is wanted, however short the interval.
TEST_F(tcp_flow_connection, IdleTurnsPassUnnoticed) {
    tcp_flow flow{m_spec, {0}};
    turn(flow);
    EXPECT_EQ(flow.next_turn(), milliseconds(1000));
    turn(flow);
    EXPECT_EQ(flow.next_turn(), milliseconds(3000));
    EXPECT_EQ(m_sink.frames.size(), 2u);
}

TEST_F(tcp_flow_connection, TurnAfterAnAnswerIsTheNextOfTheInterval) {
    m_spec.interval = microseconds(5);
    tcp_flow flow{m_spec, {0}};
    turn(flow);
    flow.hear({sent_kind::syn_ack, m_spec.to, m_spec.from, {500}, m_sink.frames.back().tcp().seq() + 1, 0, 64000},
              microseconds(11), m_sink);
    EXPECT_EQ(flow.next_turn(), microseconds(15));
}

TEST_F(tcp_flow_connection, SaysWhatItHasNotSentWhenNobodyAnswers) {
    tcp_flow flow{m_spec, {0}};
    play(flow, m_sink);
    EXPECT_EQ(m_sink.frames.size(), 7u);
    ASSERT_TRUE(flow.unfinished());
    EXPECT_EQ(flow.unfinished()->packets, 2u);
}

TEST_F(tcp_flow_connection, GivesUpAfterSevenRefusals) {
    tcp_flow flow{m_spec, {0}};
    while (flow.next_turn() && m_sink.frames.size() < 100) {
        turn(flow);
        answer(flow, sent_kind::reset);
    }
    EXPECT_EQ(m_sink.frames.size(), 7u);
    EXPECT_EQ(flow.unfinished()->packets, 2u);
}

TEST_F(tcp_flow_connection, WaitsForTheHostToClose) {
    m_spec.close = m_spec.server_closes = true;
    tcp_flow flow{m_spec, {0}};
    turn(flow);
    answer(flow, sent_kind::syn_ack);
    turn(flow), turn(flow);
    answer(flow, sent_kind::ack);
    EXPECT_FALSE(flow.next_turn());
    ASSERT_TRUE(flow.unfinished());
    EXPECT_EQ(flow.unfinished()->packets, 0u);
    EXPECT_EQ(flow.unfinished()->connections, 1u);
    answer(flow, sent_kind::fin);
    EXPECT_EQ(last_flags(), tcphdr_fin | tcphdr_ack);
}

TEST_F(tcp_flow_connection, HasDoneAllWhenItHasSentAndClosed) {
    tcp_flow flow{m_spec, {0}};
    turn(flow);
    answer(flow, sent_kind::syn_ack);
    turn(flow), turn(flow);
    EXPECT_FALSE(flow.unfinished());
}

TEST_F(tcp_flow_connection, AnswerToAnotherPortIsNotHeard) {
    tcp_flow flow{m_spec, {0}};
    turn(flow);
    flow.hear({sent_kind::syn_ack, m_spec.to, {m_spec.from.address, {40001}}, {500}, {}, 0, 64000}, {}, m_sink);
    EXPECT_EQ(m_sink.frames.size(), 1u);
}

}  // namespace
}  // namespace rxpath
