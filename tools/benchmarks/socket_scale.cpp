// Connections: the memory of established sockets, and finding one among them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <random>

#include "heap_use.h"
#include "models/socket/inet_sockets.h"

namespace rxpath {
namespace {

constexpr std::uint64_t seed = 1;
constexpr std::size_t few = 200;  // connections that the processor's caches hold
constexpr endpoint server{{0x0a000001}, {80}};
// The kernel's table on a host with 64 GiB or more, unless thash_entries says otherwise.
constexpr std::size_t ehash_entries = 512 * 1024;
constexpr std::uint32_t ehash_secret = 0x5f3759df;

class web_server {
public:
    explicit web_server(std::size_t connections) {
        std::mt19937_64 random{seed};
        while (m_hashinfo.ehash.size() < connections) {
            const auto peer = client(m_hashinfo.ehash.size(), random);
            m_sockets.establish(server, peer, {1}, {1}, 65535);
        }
    }
    // The connections' peers: a different address and port for each number.
    static endpoint client(std::size_t number, std::mt19937_64& random) {
        const auto port = static_cast<std::uint16_t>(32768 + random() % 28232);
        return {{0x0b000000 + static_cast<std::uint32_t>(number)}, {port}};
    }
    void look_up(endpoint peer) {
        m_trace.clear();
        auto* sk = __inet_lookup_established(m_context, m_hashinfo, *m_sockets.net(), peer.address, peer.port,
                                             server.address, server.port, 2, 0);
        benchmark::DoNotOptimize(sk);
        sock_put(m_context, *sk);
    }
    // Other sockets that the last lookup met first in its chain.
    std::size_t entries_passed() const {
        std::size_t passed = 0;
        for (const auto& taken : m_trace.steps())
            if (m_trace.calls()[taken.call].function == fn::__inet_lookup_established &&
                taken.step == static_cast<std::uint8_t>(path::__inet_lookup_established::entry_passed))
                passed += taken.times;
        return passed;
    }

private:
    char m_identity = 0;  // a namespace is only an identity to its sockets
    sysctl_ipv4 m_sysctls;
    inet_hashinfo m_hashinfo{ehash_secret, ehash_entries};
    inet_sockets m_sockets{reinterpret_cast<network_namespace*>(&m_identity), m_sysctls, m_hashinfo};
    call_trace m_trace;
    random_source m_random;
    receive_context m_context{m_trace, m_random, {}};
};

void establish_sockets(benchmark::State& state) {
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
    std::mt19937_64 random{seed};
    std::vector<endpoint> peers(static_cast<std::size_t>(state.range(0)));
    for (std::size_t i = 0; i < peers.size(); ++i) peers[i] = web_server::client(i, random);
    std::shuffle(peers.begin(), peers.end(), random);
    peers.resize(connection_count);
    web_server subject{static_cast<std::size_t>(state.range(0))};
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

BENCHMARK(establish_sockets)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(look_up_few_sockets)->Arg(1'000)->Arg(1'000'000);
BENCHMARK(look_up_all_sockets)->Arg(1'000)->Arg(1'000'000);

}  // namespace
}  // namespace rxpath
