// The receive softirq of a host: polls, weight, ring and the way into IP.
#include "simulated_host.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/napi.h"

namespace rxpath {
namespace {

// All frames are in the ring before the interrupt: one poll finds them all.
host_spec make_burst(std::uint64_t packets) {
    auto spec = make_udp_host(packets, nanoseconds(100));
    spec.nics[0].interrupt_latency = microseconds(100);
    return spec;
}

// How many packets the poll of the explained packet took.
std::uint32_t packets_polled(const measurements& result) {
    std::uint32_t packets = 0;
    const auto& trace = result.explained.work.front().trace;
    for (const auto& step : trace.steps())
        if (trace.calls()[step.call].function == fn::tun_napi_poll && step.step == path::tun_napi_poll::packet)
            packets += step.times;
    return packets;
}

TEST(softirq, PollTakesABurstInOneRun) {
    const auto result = measure(make_burst(63));
    EXPECT_EQ(result.wires.interrupts, 1u);
    EXPECT_EQ(result.polls, 1u);
    EXPECT_EQ(count(result, packet_outcome::delivered), 63u);
}

TEST(softirq, PollStopsAtItsWeight) {
    auto spec = make_burst(65);
    spec.explain_packet = 64;
    const auto result = measure(spec);
    EXPECT_EQ(packets_polled(result), 64u);
    EXPECT_EQ(result.polls, 2u);
    EXPECT_EQ(result.wires.interrupts, 1u);  // the NIC stays on the poll list
}

TEST(softirq, Packet65WaitsForTheNextRun) {
    auto spec = make_burst(65);
    spec.explain_packet = 65;
    const auto result = measure(spec);
    EXPECT_EQ(packets_polled(result), 1u);
    EXPECT_EQ(count(result, packet_outcome::delivered), 65u);
}

// The softirq is raised again without an interrupt, and the poll that used its weight does not complete.
TEST(softirq, PollAtItsWeightDoesNotComplete) {
    const auto result = measure(make_burst(64));
    EXPECT_EQ(result.wires.interrupts, 1u);
    EXPECT_EQ(result.polls, 2u);  // the second finds nothing
    EXPECT_EQ(calls_of(result, fn::napi_complete_done), 1u);
    EXPECT_EQ(calls_of(result, fn::net_rx_action), 2u);
}

// Two NICs with 20 frames each in their rings, which interrupt together.
host_spec make_two_bursts() {
    auto spec = make_burst(20);
    spec.packets = 40;
    spec.nics.push_back(spec.nics[0]);
    spec.nics[1].name = "nic1";
    spec.flows.push_back(spec.flows[0]);
    spec.flows[1].device = "nic1";
    return spec;
}

TEST(softirq, NicsThatInterruptTogetherShareANetRxAction) {
    const auto result = measure(make_two_bursts());
    EXPECT_EQ(result.wires.interrupts, 2u);
    EXPECT_EQ(result.polls, 2u);
    EXPECT_EQ(calls_of(result, fn::net_rx_action), 1u);
    EXPECT_EQ(result.time_squeezes, 0u);
    EXPECT_EQ(count(result, packet_outcome::delivered), 40u);
}

TEST(softirq, BudgetLeavesTheSecondNicToTheNextNetRxAction) {
    auto spec = make_two_bursts();
    spec.napi.budget = 20;
    const auto result = measure(spec);
    EXPECT_EQ(calls_of(result, fn::net_rx_action), 2u);
    EXPECT_EQ(result.time_squeezes, 2u);
}

TEST(softirq, RingOverflowLosesFramesAndCountsThem) {
    auto spec = make_burst(20);
    spec.nics[0].ring = 4;
    const auto result = measure(spec);
    EXPECT_EQ(result.wires.ring_overflows, 16u);
    EXPECT_EQ(result.packets_received, 4u);
    EXPECT_EQ(count(result, packet_outcome::delivered), 4u);
}

// Frames every 30 us, far more than a poll takes: an interrupt each, or with 100 us moderation, one for those
// meanwhile: at 0, then at 100 us for the frames of 30, 60 and 90, and so on.
TEST(softirq, EachFrameHasItsInterruptWithoutModeration) {
    EXPECT_EQ(measure(make_udp_host(8, microseconds(30))).wires.interrupts, 8u);
}

TEST(softirq, ModerationGathersFrames) {
    auto spec = make_udp_host(8, microseconds(30));
    spec.nics[0].interrupt_moderation = microseconds(100);
    const auto result = measure(spec);
    EXPECT_EQ(result.wires.interrupts, 4u);  // 1 + 3 + 3 + 1
    EXPECT_EQ(count(result, packet_outcome::delivered), 8u);
}

TEST(softirq, NapiHandsListsToIp) {
    const auto result = measure(make_burst(16));
    EXPECT_EQ(calls_of(result, fn::ip_list_rcv), 2u);  // net.core.gro_normal_batch is 8
    EXPECT_EQ(calls_of(result, fn::ip_rcv), 0u);
}

TEST(softirq, DriverWithoutNapiHandsSinglePacketsToIp) {
    auto spec = make_burst(16);
    spec.nics[0].napi = false;
    const auto result = measure(spec);
    EXPECT_EQ(calls_of(result, fn::netif_receive_skb), 16u);
    EXPECT_EQ(calls_of(result, fn::ip_rcv), 16u);
    EXPECT_EQ(calls_of(result, fn::ip_list_rcv), 0u);
    EXPECT_EQ(calls_of(result, fn::net_rx_action) + calls_of(result, fn::napi_gro_receive), 0u);
    EXPECT_EQ(count(result, packet_outcome::delivered), 16u);
}

// If two stages worked at the same time, the core would be busy for less than the sum of their work. Nobody listens
// here, so the softirq is all that runs; a cycle is a nanosecond.
TEST(softirq, StagesOfACoreNeverOverlap) {
    auto spec = make_burst(40);
    spec.listeners.clear();
    const auto result = measure(spec);
    std::uint64_t worked = 0;
    for (const auto& stage : result.stages) worked += stage.core_cycles;
    EXPECT_GT(worked, 0u);
    EXPECT_EQ(result.core_busy.value, nanoseconds(worked).value);
}

}  // namespace
}  // namespace rxpath
