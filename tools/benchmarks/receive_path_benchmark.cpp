// How fast rxpath simulates, beside the fastest that SystemC allows: a bare pipeline of as many method processes as a
// packet passes stages, each of which does nothing but notify the next. Both run in this process, one after the other,
// so that their ratio holds on a noisy machine.
#include <benchmark/benchmark.h>

#include <array>
#include <systemc>

#include "models/machine/host.h"

extern "C" int sc_main(int, char**) { return 0; }

namespace rxpath {
namespace {

constexpr std::uint64_t packets = 300'000;

// Stages that only hand a token on, after 10 ns each, until all packets have passed.
class bare_pipeline : public sc_core::sc_module {
public:
    explicit bare_pipeline(const sc_core::sc_module_name& name) : sc_module(name) {
        for (std::size_t i = 0; i < stage_count; ++i) {
            sc_core::sc_spawn_options options;
            options.spawn_method();
            options.dont_initialize();
            options.set_sensitivity(&m_arrived[i]);
            sc_core::sc_spawn([this, i] { pass(i); }, sc_core::sc_gen_unique_name("stage"), &options);
        }
    }
    void start() { m_arrived[0].notify(sc_core::SC_ZERO_TIME); }

private:
    void pass(std::size_t stage) {
        const bool last = stage + 1 == stage_count;
        if (last && ++m_passed == packets) return;
        m_arrived[last ? 0 : stage + 1].notify(10, sc_core::SC_NS);
    }

    std::array<sc_core::sc_event, stage_count> m_arrived;
    std::uint64_t m_passed = 0;
};

// One established connection whose segments come at a rate that the core sustains.
host_spec established_flow() {
    host_spec spec;
    spec.packets = packets;
    spec.nics.emplace_back();
    spec.setup = {"ip addr add 10.0.0.1/24 dev nic0", "ip route add default via 10.0.0.2"};
    spec.listeners.emplace_back().local = *parse_endpoint("10.0.0.1:80");
    auto& flow = spec.flows.emplace_back();
    flow.from = *parse_endpoint("10.0.0.2:40000");
    flow.to = *parse_endpoint("10.0.0.1:80");
    return spec;
}

// SystemC elaborates once a process: both are built before either runs.
struct subjects {
    bare_pipeline bare{"bare_pipeline"};
    host receive_path{established_flow()};
};

subjects& both() {
    static subjects built;
    return built;
}

void count_packets(benchmark::State& state) {
    state.counters["packets/s"] =
        benchmark::Counter(static_cast<double>(packets), benchmark::Counter::kIsIterationInvariantRate);
}

void receive_path_exact(benchmark::State& state) {
    auto& subject = both().receive_path;
    for ([[maybe_unused]] auto _ : state) subject.run();
    count_packets(state);
}

void bare_systemc_pipeline(benchmark::State& state) {
    both().bare.start();
    for ([[maybe_unused]] auto _ : state) sc_core::sc_start();
    count_packets(state);
}

BENCHMARK(receive_path_exact)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(bare_systemc_pipeline)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rxpath

BENCHMARK_MAIN();
