// What an access to the modelled memory costs, beside a look-up of the same lines in a std::unordered_set. A packet
// reads or writes 100 that are always the same, and 20 of a buffer out of 512.
#include <benchmark/benchmark.h>

#include <unordered_set>

#include "models/cpu/memory_hierarchy.h"

extern "C" int sc_main(int, char**) { return 0; }

namespace rxpath {
namespace {

constexpr line_address data = 0x20000, buffers = 0x40000;
constexpr int accesses_a_packet = 100 + 20;

template <class Read, class Write>
void receive_packet(std::uint64_t packet, Read read, Write write) {
    for (line_address i = 0; i < 100; ++i) i % 3 == 0 ? write(data + i * 5) : read(data + i * 5);
    for (line_address i = 0; i < 20; ++i) read(buffers + packet % 512 * 32 + i);
}

void report(benchmark::State& state) { state.SetItemsProcessed(state.iterations() * accesses_a_packet); }

void memory_accesses(benchmark::State& state, const char* model) {
    memory_hierarchy memory(make_core_preset(model), 1);
    std::uint64_t packet = 0, stalls = 0;
    for (auto _ : state) {
        receive_packet(
            packet++, [&](line_address line) { stalls += memory.read(0, line).stall; },
            [&](line_address line) { stalls += memory.write(0, line).stall; });
        benchmark::DoNotOptimize(stalls);
    }
    report(state);
}

void set_look_ups(benchmark::State& state) {
    std::unordered_set<line_address> lines;
    const auto add = [&](line_address line) { lines.insert(line); };
    for (std::uint64_t packet = 0; packet < 512; ++packet) receive_packet(packet, add, add);
    std::uint64_t packet = 0, found = 0;
    const auto look_up = [&](line_address line) { found += lines.count(line); };
    for (auto _ : state) {
        receive_packet(packet++, look_up, look_up);
        benchmark::DoNotOptimize(found);
    }
    report(state);
}

BENCHMARK_CAPTURE(memory_accesses, zen3, "zen3");
BENCHMARK_CAPTURE(memory_accesses, icelake_server, "icelake-server");
BENCHMARK_CAPTURE(memory_accesses, neoverse_n1, "neoverse-n1");
BENCHMARK(set_look_ups);

}  // namespace
}  // namespace rxpath

BENCHMARK_MAIN();
