// What is measured, and over what: the window from the end of the warm-up to the end of the run. A cycle is a
// nanosecond.
#include <numeric>

#include "simulated_host.h"

namespace rxpath {
namespace {

std::uint64_t cycles_of(const measurements& result) {
    return std::accumulate(result.stages.begin(), result.stages.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const work& done) { return sum + done.core_cycles; });
}

// An interrupt for packet 1, one for 2 to 4, one for 5 to 7, and so on.
host_spec make_polls_of_three(std::uint64_t packets) {
    auto spec = make_udp_host(packets, microseconds(30));
    spec.nics[0].interrupt_moderation = microseconds(100);
    return spec;
}

TEST(window, CountersAndClocksBeginTogether) {
    auto spec = make_udp_host(1000, microseconds(40));  // each packet has its interrupt, its poll and its read
    spec.warmup_packets = 900;
    const auto result = measure(spec);
    EXPECT_EQ(result.packets_received, 100u);
    EXPECT_EQ(result.wires.offered, 100u);
    EXPECT_EQ(result.wires.interrupts, 100u);
    EXPECT_EQ(result.polls, 100u);
    EXPECT_EQ(count(result, packet_outcome::delivered), 100u);
    EXPECT_EQ(result.wire_to_socket.size(), 100u);
    // From the end of packet 900's softirq to the last read.
    EXPECT_NEAR(static_cast<double>(result.simulated.value), static_cast<double>(microseconds(4000).value), 20e6);
    EXPECT_LT(result.core_busy, result.simulated);
}

TEST(window, CyclesAreThoseOfThePacketsInIt) {
    auto spec = make_udp_host(1000, microseconds(40));
    const auto all = measure(spec);
    const auto each = static_cast<double>(cycles_of(all)) / 1000;
    // The wake-up and the read of the last packet of the warm-up may fall on either side: two packets' work at the
    // most.
    EXPECT_NEAR(static_cast<double>(all.core_busy.value) / 1e6, each, each / 100);
}

TEST(window, WarmUpNeverEndsInsideAPoll) {
    auto spec = make_polls_of_three(8);
    spec.warmup_packets = 2;
    const auto result = measure(spec);
    EXPECT_EQ(result.packets_received, 4u);
    EXPECT_EQ(result.first_measured, 5u);
}

TEST(window, WarmUpIsSaidInTime) {
    auto spec = make_udp_host(100, microseconds(100));
    spec.warmup = microseconds(2050);  // between packets 21, at 2 ms, and 22
    const auto result = measure(spec);
    EXPECT_EQ(result.packets_received, 79u);
    EXPECT_EQ(result.first_measured, 22u);
}

TEST(window, WarmUpThatEndsInASoftirqWaitsForItsEnd) {
    auto spec = make_udp_host(100, microseconds(100));
    spec.warmup = microseconds(2002);  // packet 21 is at work
    EXPECT_EQ(measure(spec).first_measured, 22u);
}

TEST(window, DurationIsMeasuredAfterTheWarmUp) {
    auto spec = make_udp_host(0, microseconds(100));
    spec.warmup = microseconds(2050);
    spec.duration = microseconds(1000);
    const auto result = measure(spec);
    EXPECT_EQ(result.simulated, microseconds(1000));
    EXPECT_EQ(result.packets_received, 10u);
}

TEST(window, DurationGoesOnWhenTheTrafficIsOver) {
    auto spec = make_udp_host(10, microseconds(100));
    spec.duration = milliseconds(10);
    const auto result = measure(spec);
    EXPECT_EQ(result.simulated, milliseconds(10));
    EXPECT_EQ(result.packets_received, 10u);
}

TEST(window, WarmUpThatNeverEndsIsSaid) {
    auto spec = make_udp_host(10, microseconds(100));
    spec.packets = 0;
    spec.warmup_packets = 11;
    EXPECT_FALSE(measure(spec).warm);
}

// The frame under way and those in the ring when the window ends are neither lost nor received.
TEST(window, WhatIsUnderWayAtItsEndsIsCarried) {
    auto spec = make_polls_of_three(0);
    spec.warmup = microseconds(1000);
    spec.duration = microseconds(1010);
    const auto result = measure(spec);
    EXPECT_GT(result.carried_in, 0u);
    EXPECT_GT(result.in_flight, 0u);
    EXPECT_EQ(result.wires.offered + result.carried_in, result.packets_received + result.in_flight);
}

// A read that goes on when the window begins was busy before it, too.
TEST(window, CoreIsNeverBusyForLongerThanItLasts) {
    auto spec = make_udp_host(0, microseconds(1));  // more than the core can take
    spec.application.read_cycles = 100'000;
    spec.warmup = microseconds(1234);
    spec.duration = microseconds(500);
    const auto result = measure(spec);
    EXPECT_LE(result.core_busy, result.simulated);
    EXPECT_GT(result.core_busy.value, result.simulated.value / 100 * 99);
}

}  // namespace
}  // namespace rxpath
