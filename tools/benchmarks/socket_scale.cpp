// Connections: the memory of established sockets, and finding one among them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <random>

#include "heap_use.h"
#include "web_server.h"

namespace rxpath {
namespace {

constexpr std::uint64_t seed = 1;
constexpr std::int64_t lookups = 3'000'000;
constexpr std::size_t few = 64;  // connections that the processor's caches hold

void connect_sockets(benchmark::State& state) {
    const auto count = static_cast<std::size_t>(state.range(0));
    std::size_t bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto before = heap_use();
        const auto subject = std::make_unique<web_server>(count);
        state.PauseTiming();
        bytes = heap_use() - before;
        state.ResumeTiming();
    }
    state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(count);
}

void look_up(benchmark::State& state, std::size_t connection_count) {
    const auto all = static_cast<std::size_t>(state.range(0));
    std::vector<endpoint> peers(all);
    for (std::size_t i = 0; i < all; ++i) peers[i] = web_server::client(i);
    std::shuffle(peers.begin(), peers.end(), std::mt19937_64{seed});
    peers.resize(connection_count);
    web_server subject{all};
    std::size_t passed = 0;
    for (const auto peer : peers) {
        subject.look_up(peer);
        passed += subject.entries_passed();
    }
    std::size_t next = 0;
    for ([[maybe_unused]] auto _ : state) {
        subject.look_up(peers[next]);
        if (++next == peers.size()) next = 0;
    }
    state.counters["passed"] = static_cast<double>(passed) / static_cast<double>(peers.size());
    state.counters["seconds"] = benchmark::Counter(static_cast<double>(state.iterations()),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void look_up_few_sockets(benchmark::State& state) { look_up(state, few); }
void look_up_all_sockets(benchmark::State& state) { look_up(state, static_cast<std::size_t>(state.range(0))); }

BENCHMARK(connect_sockets)->Arg(1'000)->Arg(1'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(look_up_few_sockets)->Arg(1'000)->Arg(1'000'000)->Iterations(lookups);
BENCHMARK(look_up_all_sockets)->Arg(1'000)->Arg(1'000'000)->Iterations(lookups);

}  // namespace
}  // namespace rxpath
