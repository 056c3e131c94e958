// Routes: inserting a table of global lengths, its memory, and lookups in it.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>

#include "heap_use.h"
#include "models/base/kernel_functions/routing.h"
#include "models/command/global_table.h"
#include "models/routing/fib_trie_proc.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {
namespace {

constexpr std::uint64_t seed = 1;
constexpr std::int64_t lookups = 3'000'000;
constexpr std::uint32_t gateway_count = 500;  // neighbours, each the next hop of some of the prefixes
constexpr std::uint32_t own_address = 0x0a000001;
constexpr std::size_t few = 64;  // destinations whose part of the trie the processor's caches hold

class router {
public:
    router() {
        auto& nic = m_devices.add("nic0");
        m_routing.device_registered(nic);
        in_ifaddr address;
        address.ifa_local = {own_address};
        address.ifa_prefix.length = 22;
        m_routing.address_add(nic, address);
        m_routing.link_up(nic);
    }
    void add(const std::vector<ipv4_prefix>& table) {
        fib_config config;
        config.nexthops.resize(1);
        std::uint32_t number = 0;
        for (const auto& prefix : table) {
            config.dst = prefix;
            config.nexthops[0].gateway = ipv4_address{own_address + 1 + number++ % gateway_count};
            if (auto error = m_routing.route_add(config, fib_insert_mode::exclusive)) throw std::runtime_error(*error);
        }
    }
    void look_up(ipv4_address destination) {
        m_trace.clear();
        flowi4 flow;
        flow.daddr = destination;
        fib_result result;
        benchmark::DoNotOptimize(fib_table_lookup(m_context, *m_routing.fib_main(), flow, result, 0));
    }
    // Nodes that the last lookup tried, those of its way back included.
    std::size_t levels() const {
        return std::count_if(m_trace.steps().begin(), m_trace.steps().end(), [&](const traced_step& taken) {
            if (m_trace.calls()[taken.call].function != fn::fib_table_lookup) return false;
            const auto step = static_cast<path::fib_table_lookup::step>(taken.step);
            return step == path::fib_table_lookup::searched || step == path::fib_table_lookup::descended ||
                   step == path::fib_table_lookup::child_read;
        });
    }
    trie_stat stat() const { return trie_collect_stats(*m_routing.fib_main()->trie); }

private:
    sysctl_ipv4 m_sysctls;
    device_list m_devices{nullptr};
    ipv4_routing m_routing{m_devices, m_sysctls};
    call_trace m_trace;
    random_source m_random;
    receive_context m_context{m_trace, m_random, {}};
};

void insert_routes(benchmark::State& state) {
    const auto count = static_cast<std::size_t>(state.range(0));
    const auto table = global_table(count, seed);
    std::size_t bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
        state.PauseTiming();
        auto subject = std::make_unique<router>();
        const auto before = heap_use();
        state.ResumeTiming();
        subject->add(table);
        state.PauseTiming();
        bytes = heap_use() - before;
        subject.reset();
        state.ResumeTiming();
    }
    state.counters["bytes"] = static_cast<double>(bytes) / static_cast<double>(count);
    state.counters["seconds"] = benchmark::Counter(static_cast<double>(state.iterations()),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Addresses in random prefixes of the table.
std::vector<ipv4_address> destinations_in(const std::vector<ipv4_prefix>& table, std::size_t count) {
    std::mt19937_64 random{seed};
    std::vector<ipv4_address> destinations(count);
    for (auto& destination : destinations) {
        const auto& prefix = table[random() % table.size()];
        destination.value = prefix.address.value | (static_cast<std::uint32_t>(random()) & ~prefix.mask());
    }
    return destinations;
}

void look_up(benchmark::State& state, std::size_t destination_count) {
    const auto table = global_table(static_cast<std::size_t>(state.range(0)), seed);
    const auto destinations = destinations_in(table, destination_count);
    router subject;
    subject.add(table);
    std::size_t levels = 0;
    for (const auto destination : destinations) {
        subject.look_up(destination);
        levels += subject.levels();
    }
    std::size_t next = 0;
    for ([[maybe_unused]] auto _ : state) {
        subject.look_up(destinations[next]);
        if (++next == destinations.size()) next = 0;
    }
    const auto stat = subject.stat();
    state.counters["levels"] = static_cast<double>(levels) / static_cast<double>(destinations.size());
    state.counters["depth"] = stat.average_depth();
    state.counters["max_depth"] = stat.maxdepth;
    state.counters["seconds"] = benchmark::Counter(static_cast<double>(state.iterations()),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void look_up_few_routes(benchmark::State& state) { look_up(state, few); }
void look_up_all_routes(benchmark::State& state) { look_up(state, static_cast<std::size_t>(state.range(0))); }

BENCHMARK(insert_routes)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(look_up_few_routes)->Arg(1'000)->Arg(1'000'000)->Iterations(lookups);
BENCHMARK(look_up_all_routes)->Arg(1'000)->Arg(1'000'000)->Iterations(lookups);

}  // namespace
}  // namespace rxpath
