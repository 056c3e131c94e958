// The steady state allocates nothing a packet: what a run needs it has after its first packets.
#include <cstdlib>
#include <new>

#include "simulated_host.h"

namespace {

std::uint64_t allocations = 0;  // of this process, so far

void* allocate(std::size_t bytes) {
    ++allocations;
    if (void* memory = std::malloc(bytes)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace rxpath {
namespace {

constexpr std::uint64_t first_packets = 5'000, packets = 20'000;

// Of the packets after the first ones.
std::uint64_t allocations_in_steady_state(const host_spec& spec) {
    host simulated{spec};
    std::optional<std::uint64_t> before;
    std::uint64_t taken = 0;
    simulated.run([&](std::uint64_t so_far) {
        taken = so_far;
        if (!before && so_far >= first_packets) before = allocations;
    });
    EXPECT_GE(taken, packets);
    return allocations - before.value();
}

// A result keeps the latencies of all packets, to the socket and to the application, in two vectors: such a vector
// doubles twice from the first packets to the last.
constexpr std::uint64_t growing_results = 2 * 2;

class steady_state : public testing::TestWithParam<timing_mode> {
protected:
    host_spec with_timing(host_spec spec) const {
        spec.timing = GetParam();
        return spec;
    }
};

TEST_P(steady_state, OfDatagramsAllocatesNothing) {
    const auto spec = with_timing(make_udp_host(packets, microseconds(20)));
    EXPECT_LE(allocations_in_steady_state(spec), growing_results);
}

TEST_P(steady_state, OfPollsThatTakeSeveralAllocatesNothing) {
    auto spec = with_timing(make_udp_host(packets, microseconds(20)));
    spec.nics[0].interrupt_moderation = microseconds(400);
    EXPECT_LE(allocations_in_steady_state(spec), growing_results);
}

TEST_P(steady_state, OfAnEstablishedConnectionAllocatesNothing) {
    EXPECT_LE(allocations_in_steady_state(with_timing(make_tcp_host(packets))), growing_results);
}

TEST_P(steady_state, OfAForwardingHostAllocatesNothing) {
    EXPECT_LE(allocations_in_steady_state(with_timing(make_forwarding_host(packets))), growing_results);
}

INSTANTIATE_TEST_SUITE_P(timings, steady_state, testing::Values(timing_mode::exact, timing_mode::fast),
                         [](const auto& chosen) { return chosen.param == timing_mode::exact ? "Exact" : "Fast"; });

}  // namespace
}  // namespace rxpath
