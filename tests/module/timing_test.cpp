// The same host twice, in a process each: SystemC simulates once a process.
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "simulated_host.h"

namespace rxpath {
namespace {

std::string to_text(const measurements& result) {
    std::string text =
        fmt::format("packets {} interrupts {} polls {} simulated {} busy {}\n", result.packets_received,
                    result.wires.interrupts, result.polls, result.simulated.value, result.core_busy.value);
    text +=
        fmt::format("offered {} carried {} {} lost {} {} from {}\n", result.wires.offered, result.carried_in,
                    result.in_flight, result.wires.queue_overflows, result.wires.ring_overflows, result.first_measured);
    for (const auto n : result.outcomes) text += fmt::format("outcome {}\n", n);
    for (const auto n : result.early_demux) text += fmt::format("early demux {}\n", n);
    for (const auto n : result.routed_by) text += fmt::format("routed {}\n", n);
    for (const auto& stage : result.stages) text += fmt::format("{} {}\n", stage.instructions, stage.core_cycles);
    for (const auto time : result.wire_to_socket) text += fmt::format("socket {}\n", time.value);
    for (const auto time : result.wire_to_application) text += fmt::format("application {}\n", time.value);
    return text;
}

// What a child process measures, as text.
std::string measure_in_child(const host_spec& spec) {
    int ends[2];
    if (pipe(ends) != 0) return "no pipe";
    const auto child = fork();
    if (child == 0) {
        const auto text = to_text(measure(spec));
        const bool written = write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
        _exit(written ? 0 : 1);
    }
    close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(n));
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return text;
}

// Two connections that overlap with route changes and the reader's tasks.
host_spec make_busy_host(picoseconds interval = microseconds(10)) {
    auto spec = make_tcp_host(2000);
    spec.flows[0].interval = interval;
    spec.flows[0].connections = 2;
    spec.at.push_back({milliseconds(2), "ip route add 192.0.2.0/24 via 10.0.0.2"});
    return spec;
}

TEST(timing, SameHostMeasuresTheSameTwice) {
    const auto first = measure_in_child(make_busy_host());
    EXPECT_THAT(first, testing::HasSubstr("packets 2000 "));
    EXPECT_EQ(first, measure_in_child(make_busy_host()));
}

TEST(timing, FastEqualsExact) {
    auto spec = make_busy_host();
    const auto exact = measure_in_child(spec);
    spec.timing = timing_mode::fast;
    EXPECT_EQ(measure_in_child(spec), exact);
}

TEST(timing, FastEqualsExactWhenPacketsAreLost) {
    auto spec = make_busy_host(microseconds(3));  // more than the core can take: ring and receive buffers overflow
    const auto exact = measure_in_child(spec);
    spec.timing = timing_mode::fast;
    EXPECT_EQ(measure_in_child(spec), exact);
}

TEST(timing, FastEqualsExactForABurstWithoutNapi) {
    auto spec = make_udp_host(200, nanoseconds(100));
    spec.nics[0].napi = false;
    spec.nics[0].ring = 32;
    const auto exact = measure_in_child(spec);
    spec.timing = timing_mode::fast;
    EXPECT_EQ(measure_in_child(spec), exact);
}

// Round numbers and no latencies, so that frames, interrupts, softirqs and the window's ends meet in one picosecond.
host_spec make_host_of_ties() {
    auto spec = make_udp_host(0, microseconds(1));
    spec.nics[0].dma_latency = spec.nics[0].interrupt_latency = {};
    spec.nics[0].rate_bits_per_second = 1'000'000'000;
    spec.flows[0].payload = {125 - 66};  // a microsecond on the wire
    spec.duration = microseconds(200);
    return spec;
}

TEST(timing, FastEqualsExactWhenTheWarmUpEndsBetweenTwoSoftirqs) {
    auto spec = make_host_of_ties();
    spec.warmup_packets = 100;
    const auto exact = measure_in_child(spec);
    EXPECT_THAT(exact, testing::Not(testing::HasSubstr("packets 0 ")));
    spec.timing = timing_mode::fast;
    EXPECT_EQ(measure_in_child(spec), exact);
}

TEST(timing, FastEqualsExactWhenTheWarmUpEndsWithAFrame) {
    auto spec = make_host_of_ties();
    spec.flows[0].interval = microseconds(50);
    spec.warmup = microseconds(401);
    const auto exact = measure_in_child(spec);
    EXPECT_THAT(exact, testing::HasSubstr("packets 4 "));
    spec.timing = timing_mode::fast;
    EXPECT_EQ(measure_in_child(spec), exact);
}

}  // namespace
}  // namespace rxpath
