// The numbers that a run prints: what they are measured over, that packets are conserved, and that delivered packets
// are those that have a latency.
#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <vector>

#include "program.h"

namespace rxpath {
namespace {

using nlohmann::json;

class Numbers : public program_test {
protected:
    json statistics_of(const std::string& scenario, const std::string& options = "") const {
        const auto run = rxpath("run --json " + scenario + options);
        return run.out.empty() ? json{{"error", run.err}} : run.json().at("statistics");
    }
    static std::string report(const std::string& name) {
        return RXPATH_SOURCE_DIR "/tests/scenario/data/reports/" + name;
    }
    static std::uint64_t sum(const json& statistics, std::initializer_list<const char*> names) {
        std::uint64_t all = 0;
        for (const auto* name : names) all += statistics.at(name).get<std::uint64_t>();
        return all;
    }
    static void expect_conserved(const json& s, const std::string& where) {
        EXPECT_EQ(sum(s, {"packets.offered", "packets.carried_in"}),
                  sum(s, {"drops.wire_queue", "drops.ring", "packets.received", "packets.in_flight"}))
            << where;
        EXPECT_EQ(
            sum(s, {"packets.received", "packets.looped", "packets.held_before", "packets.lost"}),
            sum(s, {"packets.delivered", "packets.forwarded", "packets.consumed", "packets.dropped", "packets.held"}))
            << where;
        std::uint64_t reasons = 0;
        for (const auto& [name, value] : s.items())
            if (name.rfind("drops.", 0) == 0) reasons += value.get<std::uint64_t>();
        EXPECT_EQ(reasons, sum(s, {"packets.dropped"})) << where;
        EXPECT_EQ(s.at("latency.wire_to_socket.samples"), s.at("packets.delivered")) << where;
        EXPECT_EQ(s.at("latency.wire_to_wire.samples"), s.at("packets.forwarded")) << where;
        EXPECT_EQ(s.at("latency.wire_to_application.samples"), s.at("stage.application.packets")) << where;
        if (!s.at("core.utilisation").is_null()) {
            EXPECT_LE(s.at("core.utilisation"), 1.0) << where;
        }
    }
};

// Segments out of order, kept and pruned, by two NICs; a reader that is slower than the traffic.
TEST_F(Numbers, DeliveredPacketsHaveOneLatencyEach) {
    const auto statistics = statistics_of(report("delivered_is_not_latency_samples.toml"));
    EXPECT_GT(statistics.at("packets.delivered"), 100);
    EXPECT_GT(statistics.at("packets.held"), 100);  // behind gaps that nobody fills: the traffic is over
    expect_conserved(statistics, "");
}

TEST_F(Numbers, PacketsAreConservedInEveryShippedScenario) {
    for (const auto& each : std::filesystem::recursive_directory_iterator(RXPATH_SOURCE_DIR "/scenarios"))
        if (each.path().extension() == ".toml")
            expect_conserved(statistics_of(each.path().string()), each.path().string());
}

TEST_F(Numbers, WarmUpDoesNotChangeWhatAPacketCosts) {
    const auto cycles = [&](const std::string& warm_up) {
        const auto statistics =
            statistics_of(shipped("established/cached_vs_full.toml"), " --set run.warmup_packets=" + warm_up);
        return statistics.at("cycles_per_packet").get<double>();
    };
    const auto whole = cycles("0");
    EXPECT_NEAR(cycles("10000"), whole, whole / 100);
    EXPECT_NEAR(cycles("19000"), whole, whole / 100);
    EXPECT_NEAR(cycles("19900"), whole, whole / 100);
}

// Three flows whose times have no common measure, several packets to an interrupt.
constexpr const char* steady_load = R"([run]
duration = "40ms"
[host]
setup = ["ip addr add 10.0.0.1/24 dev nic0", "ip route add 198.51.100.0/24 via 10.0.0.9", "sysctl net.ipv4.ip_forward=1"]
[nic.nic0]
interrupt_moderation = "37us"
[[listen]]
tcp = "10.0.0.1:80"
[[listen]]
udp = "10.0.0.1:53"
[[flow]]
tcp = { from = "10.0.0.2:40000", to = "10.0.0.1:80" }
rate = "31.1kpps"
connections = 4
[[flow]]
udp = { from = "10.0.0.3:40000", to = "10.0.0.1:53" }
rate = "41.3kpps"
[[flow]]
raw_tcp = { from = "10.0.0.4:40000", to = "198.51.100.1:80" }
rate = "17.7kpps"
)";

// Windows of 40 ms, one behind the other, of one steady load. How far a statistic's values in windows 3 to 8 scatter is
// its sampling error; those of windows 1 and 2, which differ by a warm-up that is twice as long, may differ by four
// such errors of a difference. What scatters not at all may still have one poll, 37 us of 40 ms, more at each end.
TEST_F(Numbers, StatisticsOfASteadyLoadDoNotMoveWhenTheWarmUpDoubles) {
    const auto scenario = write("steady.toml", steady_load);
    std::vector<json> windows;
    for (int i = 1; i <= 8; ++i)
        windows.push_back(statistics_of(scenario, " --set run.warmup=" + std::to_string(40 * i) + "ms"));
    std::size_t compared = 0;
    for (const auto& [name, first] : windows[0].items()) {
        const bool is_rate = name.find("_per_packet") != std::string::npos ||
                             name.find("_per_second") != std::string::npos || name == "core.utilisation";
        if (!is_rate || name.rfind("wall.", 0) == 0) continue;
        double mean = 0, squares = 0;
        for (std::size_t i = 2; i < windows.size(); ++i) {
            const auto value = windows[i].at(name).get<double>();
            mean += value;
            squares += value * value;
        }
        mean /= 6;
        const auto deviation = std::sqrt(std::max(0.0, (squares / 6 - mean * mean) * 6 / 5));
        const auto bound = 4 * std::sqrt(2.0) * deviation + 2 * 37.0 / 40'000 * std::abs(mean);
        EXPECT_NEAR(first.get<double>(), windows[1].at(name).get<double>(), bound) << name;
        ++compared;
    }
    EXPECT_GT(compared, 40u);
}

TEST_F(Numbers, RingLossesAreDrops) {
    const auto scenario = write("overflow.toml", R"([run]
packets = 2000
[nic.nic0]
ring = 4
[[listen]]
udp = "10.0.0.1:53"
[[flow]]
udp = { from = "10.0.0.3:40000", to = "10.0.0.1:53" }
rate = "1Mpps"
[expect]
"packets.dropped" = 0
)");
    const auto run = rxpath("run --json " + scenario);
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.err, testing::HasSubstr("packets.dropped: expected 0, found"));
    const auto statistics = run.json().at("statistics");
    EXPECT_GT(statistics.at("drops.ring"), 0);
    EXPECT_EQ(statistics.at("drops.ring"), statistics.at("nic.ring_overflows"));
    expect_conserved(statistics, "");
}

// 1,400 bytes of payload are 1,466 on the wire: 1 Mpps of them are 11.7 Gbit/s.
TEST_F(Numbers, RateBeyondTheWiresIsSaid) {
    const auto scenario = write("beyond.toml", R"([run]
warmup = "5ms"
duration = "10ms"
[[listen]]
udp = "10.0.0.1:53"
[[flow]]
udp = { from = "10.0.0.3:40000", to = "10.0.0.1:53" }
payload = "1400B"
rate = "1Mpps"
)");
    const auto text = rxpath("run " + scenario).out;
    EXPECT_THAT(text, testing::HasSubstr("nic0: the flows ask for"));
    EXPECT_THAT(text, testing::HasSubstr("packets found the sender's queue full"));
    const auto statistics = statistics_of(scenario);
    EXPECT_NEAR(statistics.at("wire.load").get<double>(), 1.1728, 0.001);
    EXPECT_NEAR(statistics.at("rate.offered.bits_per_second").get<double>(), 11.728e9, 0.01e9);
    expect_conserved(statistics, "");
}

TEST_F(Numbers, DefaultRateLeavesEachModelTimeToSpare) {
    const auto scenario = write("default.toml", R"([run]
packets = 3000
[[listen]]
tcp = "10.0.0.1:80"
[[flow]]
tcp = { from = "10.0.0.2:40000", to = "10.0.0.1:80" }
)");
    for (const std::string model : {"zen3", "icelake-server", "neoverse-n1"}) {
        const auto statistics = statistics_of(scenario, " --set net.ipv4.tcp_early_demux=0 --set cpu.model=" + model);
        EXPECT_LT(statistics.at("core.utilisation"), 0.9) << model;
    }
}

TEST_F(Numbers, LengthSaidInPacketsAndInTimeIsRefused) {
    const auto scenario = shipped("established/cached_vs_full.toml");
    const auto length = rxpath("run " + scenario + " --set run.duration=10ms");
    EXPECT_EQ(length.status, 2);
    EXPECT_THAT(length.err, testing::AllOf(testing::HasSubstr("run.packets"), testing::HasSubstr("run.duration")));
    const auto warm_up = rxpath("run " + scenario + " --set run.warmup=10ms --set run.warmup_packets=5");
    EXPECT_EQ(warm_up.status, 2);
    EXPECT_THAT(warm_up.err,
                testing::AllOf(testing::HasSubstr("run.warmup_packets"), testing::HasSubstr("run.warmup =")));
}

TEST_F(Numbers, WarmUpLongerThanTheRunMeasuresNothingAndSaysSo) {
    const auto run = rxpath("run " + shipped("tcp/closed_port_scan.toml") + " --set run.warmup_packets=700" +
                            " --set run.packets=0");
    EXPECT_EQ(run.status, 3);
    EXPECT_THAT(run.err, testing::HasSubstr("the warm-up was not over"));
}

TEST_F(Numbers, WarmUpThatOutlastsTheTrafficIsAnError) {
    const auto run =
        rxpath("run -q --set run.packets=20 --set run.warmup=1s " + shipped("established/cached_vs_full.toml"));
    EXPECT_EQ(run.status, 3);
    EXPECT_NE(run.err.find("nothing is measured"), std::string::npos);
}

}  // namespace
}  // namespace rxpath
