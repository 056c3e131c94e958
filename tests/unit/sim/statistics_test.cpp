#include "sim/result/statistics.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/result/run_result.h"

#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

std::vector<picoseconds> one_to(std::uint64_t n) {
    std::vector<picoseconds> samples;
    for (std::uint64_t i = 1; i <= n; ++i) samples.push_back(nanoseconds(i));
    return samples;
}

std::optional<double> value_of(const measurements& measured, std::string_view name) {
    return result_of(measured, {}, 0).value(name);
}

template <class Counters, class Index>
std::uint64_t& at(Counters& counters, Index index) {
    return counters[static_cast<std::size_t>(index)];
}

TEST(Percentile, IsTheNearestRank) {
    EXPECT_EQ(percentile(one_to(100), 0.5), nanoseconds(50));
    EXPECT_EQ(percentile(one_to(100), 0.99), nanoseconds(99));
    EXPECT_EQ(percentile(one_to(100), 1), nanoseconds(100));
    EXPECT_EQ(percentile(one_to(4), 0.9), nanoseconds(4));
    EXPECT_EQ(percentile(one_to(1), 0.5), nanoseconds(1));
}

TEST(Statistics, NamesAreUnique) {
    std::set<std::string> seen;
    for (const auto& name : statistic_names()) EXPECT_TRUE(seen.insert(name).second) << name;
}

TEST(Statistics, LatencyDoesNotDependOnTheOrderOfDelivery) {
    measurements measured;
    measured.wire_to_socket = {nanoseconds(30), nanoseconds(10), nanoseconds(20)};
    EXPECT_EQ(value_of(measured, "latency.wire_to_socket.p50_ns"), 20);
    EXPECT_EQ(value_of(measured, "latency.wire_to_socket.max_ns"), 30);
    EXPECT_EQ(value_of(measured, "latency.wire_to_socket.mean_ns"), 20);
}

TEST(Statistics, LatencyOfNoPacketsHasNoValue) {
    EXPECT_EQ(value_of({}, "latency.wire_to_socket.p50_ns"), std::nullopt);
    EXPECT_EQ(value_of({}, "early_demux.dst_reused.ratio"), std::nullopt);
}

TEST(Statistics, EarlyDemuxIsCalledFromThePacketTypeCheckOn) {
    measurements measured;
    at(measured.early_demux, early_demux_outcome::protocol_off) = 100;
    at(measured.early_demux, early_demux_outcome::fragment) = 100;
    at(measured.early_demux, early_demux_outcome::not_packet_host) = 1;
    at(measured.early_demux, early_demux_outcome::no_socket) = 2;
    at(measured.early_demux, early_demux_outcome::no_full_socket) = 4;
    at(measured.early_demux, early_demux_outcome::other_interface) = 8;
    at(measured.early_demux, early_demux_outcome::dst_reused) = 15;
    EXPECT_EQ(value_of(measured, "early_demux.called"), 30);
    EXPECT_EQ(value_of(measured, "early_demux.socket_found"), 27);
    EXPECT_EQ(value_of(measured, "early_demux.dst_reused"), 15);
    EXPECT_EQ(value_of(measured, "early_demux.dst_reused.ratio"), 0.5);
}

TEST(Statistics, MemoryIsSharedByThePacketsReceivedLevelByLevel) {
    measurements measured;
    measured.packets_received = 2;
    measured.stages[0].found.data = {10, 0, 0, 0, 1};
    measured.stages[1].found.data = {4, 0, 0, 0, 0};
    measured.stages[1].found.code = {3, 5, 0, 0, 0};
    EXPECT_EQ(value_of(measured, "memory.l1.data_accesses_per_packet"), 7);
    EXPECT_EQ(value_of(measured, "memory.dram.data_accesses_per_packet"), 0.5);
    EXPECT_EQ(value_of(measured, "memory.l2.code_lines_per_packet"), 2.5);
    EXPECT_EQ(value_of(measured, "memory.llc.code_lines_per_packet"), 0);
}

TEST(Statistics, CostIsSharedByThePacketsReceived) {
    measurements measured;
    measured.packets_received = 10;
    measured.stages[static_cast<std::size_t>(stage::routing)].instructions = 300;
    measured.stages[static_cast<std::size_t>(stage::routing)].context_instructions = 20;
    measured.stages[static_cast<std::size_t>(stage::routing)].core_cycles = 150;
    measured.stages[static_cast<std::size_t>(stage::napi)].core_cycles = 50;
    EXPECT_EQ(value_of(measured, "instructions_per_packet"), 30);
    EXPECT_EQ(value_of(measured, "context_instructions_per_packet"), 2);
    EXPECT_EQ(value_of(measured, "cycles_per_packet"), 20);
    EXPECT_EQ(value_of(measured, "stage.routing.share"), 0.75);
    EXPECT_DOUBLE_EQ(value_of(measured, "stage.routing.ns_per_packet").value(), 15 / 3.24);  // cycles of a Zen 3
}

TEST(Statistics, DropsAreNamedAsTheKernelNamesThem) {
    measurements measured;
    at(measured.drops, drop_reason::NO_SOCKET) = 7;
    EXPECT_EQ(value_of(measured, "drops.NO_SOCKET"), 7);
    EXPECT_EQ(value_of(measured, "drops.CONSUMED"), std::nullopt);
}

TEST(Statistics, WhatTheRingAndTheWireLoseIsDroppedTooAndHasAReason) {
    measurements measured;
    measured.packets_received = 6;
    measured.wires.ring_overflows = 3;
    measured.wires.queue_overflows = 1;
    at(measured.outcomes, packet_outcome::dropped) = 2;
    at(measured.drops, drop_reason::NO_SOCKET) = 2;
    EXPECT_EQ(value_of(measured, "packets.dropped"), 6);
    EXPECT_EQ(value_of(measured, "packets.lost"), 4);
    EXPECT_EQ(value_of(measured, "drops.ring"), 3);
    EXPECT_EQ(value_of(measured, "drops.wire_queue"), 1);
    EXPECT_EQ(value_of(measured, "packets.lost.ratio"), 0.4);
    EXPECT_EQ(value_of(measured, "packets.dropped.ratio"), 0.6);
}

TEST(Statistics, RatesAreByTheMeasuredTime) {
    measurements measured;
    measured.simulated = milliseconds(10);
    measured.wires.offered = 1000;
    measured.wires.bits_offered = 2'000'000;
    measured.packets_received = 900;
    at(measured.outcomes, packet_outcome::delivered) = 800;
    at(measured.outcome_bits, packet_outcome::delivered) = 1'600'000;
    EXPECT_EQ(value_of(measured, "rate.offered.packets_per_second"), 100'000);
    EXPECT_EQ(value_of(measured, "rate.offered.bits_per_second"), 200e6);
    EXPECT_EQ(value_of(measured, "rate.received.packets_per_second"), 90'000);
    EXPECT_EQ(value_of(measured, "rate.delivered.bits_per_second"), 160e6);
    EXPECT_EQ(value_of(measured, "rate.forwarded.packets_per_second"), 0);
}

// 8 packets: 5 asked early demux, which answered 4; the hint answered 2 of 3; one was looked up.
TEST(Statistics, SharesOfTheDstNameTheirDenominator) {
    measurements measured;
    measured.packets_received = 8;
    at(measured.early_demux, early_demux_outcome::dst_reused) = 4;
    at(measured.early_demux, early_demux_outcome::no_socket) = 1;
    at(measured.routed_by, route_source::early_demux) = 4;
    at(measured.routed_by, route_source::hint) = 2;
    at(measured.routed_by, route_source::allocated) = 1;
    auto& routing = measured.functions[static_cast<std::size_t>(stage::routing)];
    routing[static_cast<std::size_t>(fn::ip_route_use_hint)].calls = 3;
    routing[static_cast<std::size_t>(fn::ip_route_input_slow)].calls = 2;
    EXPECT_EQ(value_of(measured, "early_demux.dst_reused.ratio"), 0.8);
    EXPECT_EQ(value_of(measured, "early_demux.dst_reused.of_packets"), 0.5);
    EXPECT_EQ(value_of(measured, "route.early_demux.of_packets"), 0.5);
    EXPECT_EQ(value_of(measured, "route.early_demux.of_calls"), 0.8);
    EXPECT_EQ(value_of(measured, "route.hint.of_packets"), 0.25);
    EXPECT_DOUBLE_EQ(value_of(measured, "route.hint.of_calls").value(), 2.0 / 3);
    EXPECT_EQ(value_of(measured, "route.allocated.of_calls"), 0.5);
}

TEST(Statistics, JsonHasWholeNumbersForCountsAndNullForNone) {
    measurements measured;
    measured.packets_received = 3;
    const auto out = to_json(statistics_of(measured, {}));
    EXPECT_EQ(out.at("packets.received").dump(), "3");
    EXPECT_TRUE(out.at("early_demux.dst_reused.ratio").is_null());
}

TEST(Statistics, FunctionsAreSummedOverTheStages) {
    measurements measured;
    measured.packets_received = 2;
    for (const auto where : {stage::napi, stage::routing}) {
        auto& total = measured.functions[static_cast<std::size_t>(where)][0];
        total.calls = 2;
        total.instructions = 10;
        total.cycles = 5;
    }
    const auto functions = result_of(measured, {}, 0).functions;
    ASSERT_EQ(functions.size(), 1u);
    EXPECT_EQ(functions[0].calls, 2);
    EXPECT_EQ(functions[0].instructions, 10);
    EXPECT_EQ(functions[0].cycles, 5);
}

}  // namespace
}  // namespace rxpath
