// Every packet is somewhere: conservation from the wire to what became of it, in hosts that lose, reorder and wait.
#include <numeric>

#include "simulated_host.h"

namespace rxpath {
namespace {

void expect_conserved(const measurements& result) {
    const auto& wires = result.wires;
    EXPECT_EQ(wires.offered + result.carried_in,
              wires.queue_overflows + wires.ring_overflows + result.packets_received + result.in_flight);
    EXPECT_EQ(result.packets_received + result.packets_looped + result.held_before,
              std::accumulate(result.outcomes.begin(), result.outcomes.end(), std::uint64_t{0}));
    EXPECT_EQ(std::accumulate(result.drops.begin(), result.drops.end(), std::uint64_t{0}),
              count(result, packet_outcome::dropped));
    EXPECT_EQ(result.wire_to_socket.size(), count(result, packet_outcome::delivered));
    EXPECT_EQ(result.wire_to_wire.size(), count(result, packet_outcome::forwarded));
    EXPECT_LE(result.core_busy, result.simulated);
}

TEST(conservation, HoldsWhenTheRingOverflows) {
    auto spec = make_udp_host(2000, microseconds(1));  // more than the core takes
    spec.nics[0].ring = 16;
    const auto result = measure(spec);
    EXPECT_GT(result.wires.ring_overflows, 0u);
    expect_conserved(result);
}

// 128 bytes of payload are 194 on the wire: at 10 Mbit/s 155 us, eight times as long as the flow's interval.
TEST(conservation, HoldsWhenTheWireIsSlowerThanTheTraffic) {
    auto spec = make_udp_host(1000, microseconds(20));
    spec.flows[0].payload = {128};
    spec.nics[0].rate_bits_per_second = 10'000'000;
    spec.nics[0].sender_queue = 10;
    const auto result = measure(spec);
    // All but the first 11 come faster than the wire takes them.
    EXPECT_NEAR(static_cast<double>(result.packets_received), 1000 / 7.76 + 11, 2);
    EXPECT_GT(result.busiest_wire, 7.0);
    expect_conserved(result);
}

// The second connection's segments go by the other NIC, which is slower: they overtake each other.
TEST(conservation, HoldsForSegmentsOutOfOrder) {
    auto spec = make_tcp_host(1000);
    spec.flows[0].interval = microseconds(4);
    spec.nics.emplace_back().name = "nic1";
    spec.nics[1].interrupt_moderation = microseconds(300);
    spec.flows[0].devices = {"nic0", "nic1"};
    spec.warmup = microseconds(1500);
    const auto result = measure(spec);
    EXPECT_GT(result.held_before, 0u);
    EXPECT_GT(count(result, packet_outcome::delivered), 0u);
    expect_conserved(result);
}

TEST(conservation, HoldsWhenTheWindowEndsInTheMiddleOfTraffic) {
    auto spec = make_udp_host(0, microseconds(2));
    spec.nics[0].ring = 64;
    spec.warmup = microseconds(3001);
    spec.duration = microseconds(2003);
    const auto result = measure(spec);
    EXPECT_GT(result.wires.ring_overflows, 0u);
    expect_conserved(result);
}

TEST(conservation, ForwardedPacketsHaveALatencyToTheNextWire) {
    auto spec = make_udp_host(100, microseconds(50));
    spec.listeners.clear();
    spec.setup.emplace_back("sysctl net.ipv4.ip_forward=1");
    spec.setup.emplace_back("ip route add 198.51.100.0/24 via 10.0.0.3");
    spec.flows[0].to.address = *parse_ipv4_address("198.51.100.1");
    const auto result = measure(spec);
    EXPECT_EQ(count(result, packet_outcome::forwarded), 100u);
    ASSERT_EQ(result.wire_to_wire.size(), 100u);
    // DMA, interrupt latency and the interrupt's entry come first.
    EXPECT_GT(result.wire_to_wire.back(), nanoseconds(300 + 500 + 1000));
    EXPECT_LT(result.wire_to_wire.back(), microseconds(50));
    expect_conserved(result);
}

}  // namespace
}  // namespace rxpath
