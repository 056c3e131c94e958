// What a host tells those who listen to it: every packet and every cycle, in order of time.
#include "models/softirq/run_events.h"

#include <map>

#include "models/machine/host_module.h"
#include "simulated_host.h"

namespace rxpath {
namespace {

using testing::Each;
using testing::Pair;

class recorder : public run_observer {
public:
    void began(const run_began& run) override {
        EXPECT_FALSE(m_running);
        m_running = true;
        m_at = run.at;
    }
    void charged(const stage_charged& charge) override {
        EXPECT_TRUE(m_running);
        EXPECT_GE(charge.from, m_at);
        EXPECT_GE(charge.to, charge.from);
        m_at = charge.to;
        cycles_of_stages[charge.worked] += charge.done.core_cycles;
        time += charge.to - charge.from;
    }
    void charged_fixed(const fixed_charged& charge) override { cycles_of_stages[charge.worked] += charge.taken.value; }
    void taken(const packet_taken& packet) override { ++times_taken[packet.skb.number]; }
    void decided(const packet_decided& packet) override { ++times_decided[packet.number]; }
    void read(const packet_read& packet) override {
        EXPECT_GT(packet.at, packet.arrival);
        ++times_read[packet.number];
    }
    void woken(const socket_woken& socket) override { woken_by.push_back(socket.by); }
    void ended(const run_ended& run) override {
        EXPECT_TRUE(m_running);
        m_running = false;
        if (run.kind == run_kind::softirq) packets_of_runs.push_back(run.packets.size());
    }

    std::map<stage, std::uint64_t> cycles_of_stages;
    std::map<std::uint64_t, int> times_taken, times_decided, times_read;  // by packet
    std::vector<std::uint64_t> woken_by;
    std::vector<std::size_t> packets_of_runs;
    picoseconds time{};

private:
    bool m_running = false;
    picoseconds m_at;
};

struct heard_host {
    explicit heard_host(const host_spec& spec) : simulated(spec) {
        simulated.observe(heard);
        simulated.run();
    }
    recorder heard;
    host simulated;
};

class run_events : public testing::TestWithParam<timing_mode> {
protected:
    static host_spec with_timing(host_spec spec) {
        spec.timing = GetParam();
        return spec;
    }
};

TEST_P(run_events, EveryPacketIsTakenDecidedAndReadOnce) {
    const heard_host run(with_timing(make_udp_host(50, microseconds(30))));
    EXPECT_EQ(run.heard.times_taken.size(), 50u);
    EXPECT_THAT(run.heard.times_taken, Each(Pair(testing::_, 1)));
    EXPECT_EQ(run.heard.times_decided, run.heard.times_taken);
    EXPECT_EQ(run.heard.times_read, run.heard.times_taken);
}

TEST_P(run_events, ChargesAreAllThatStagesTook) {
    const heard_host run(with_timing(make_tcp_host(50)));
    const auto& stages = run.simulated.measured().stages;
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto found = run.heard.cycles_of_stages.find(static_cast<stage>(i));
        EXPECT_EQ(found == run.heard.cycles_of_stages.end() ? 0 : found->second, stages[i].core_cycles)
            << to_string(static_cast<stage>(i));
    }
}

// A cycle is a nanosecond.
TEST_P(run_events, ChargeTakesItsCyclesFromWhenToWhen) {
    auto spec = with_timing(make_udp_host(20, microseconds(30)));
    spec.cpu.irq_cycles = 0;
    spec.application.wakeup_cycles = spec.application.read_cycles = 0;
    spec.application.copy_bytes_per_cycle = 1e9;
    const heard_host run(spec);
    std::uint64_t worked = 0;
    for (const auto& [at, cycles] : run.heard.cycles_of_stages) worked += cycles;
    EXPECT_EQ(run.heard.time, nanoseconds(worked));
}

TEST_P(run_events, SocketIsWokenByThePacketThatIsWorkedOn) {
    const heard_host run(with_timing(make_udp_host(3, microseconds(100))));
    EXPECT_THAT(run.heard.woken_by, testing::ElementsAre(1, 2, 3));
}

TEST_P(run_events, RunHasThePacketsOfItsPolls) {
    auto spec = with_timing(make_udp_host(10, nanoseconds(100)));
    spec.nics[0].interrupt_latency = microseconds(100);
    EXPECT_THAT(heard_host(spec).heard.packets_of_runs, testing::ElementsAre(10));
}

INSTANTIATE_TEST_SUITE_P(timings, run_events, testing::Values(timing_mode::exact, timing_mode::fast),
                         [](const auto& chosen) { return chosen.param == timing_mode::exact ? "Exact" : "Fast"; });

// Names nest as the machine does.
TEST(host_names, AreThoseOfThePartsTheyAreIn) {
    const auto spec = make_host();
    const host_module built("host", spec);
    for (const auto* name : {"host", "host.core0", "host.core0.cpu", "host.core0.napi", "host.core0.early_demux",
                             "host.core0.to_napi", "host.nic0", "host.nic0.ring", "host.wire0", "host.application"})
        EXPECT_NE(sc_core::sc_find_object(name), nullptr) << name;
}

}  // namespace
}  // namespace rxpath
