// Exact and fast timing give the same bytes, every run ends, and every packet has one fate: shipped scenarios, reported
// ones, and 200 that are made by chance, a third of them full of ties.
#include <gmock/gmock.h>

#include "models/machine/host.h"
#include "sim/scenario/scenario.h"
#include "sim/support/child_process.h"
#include "tests/scenario/program.h"
#include "tests/support/random_scenario.h"

namespace rxpath {
namespace {

class timings : public program_test {
protected:
    struct outcome {
        int status = 0;
        std::string err, packets;
        nlohmann::json statistics;
    };

    // Ends with status 124 when the run does not end.
    outcome run(const std::string& scenario, const std::string& timing) const {
        const auto folder = path(timing);
        const auto finished = shell("timeout 120 " RXPATH_PROGRAM " run " + scenario + " --quiet --timing " + timing +
                                    " --out " + folder);
        outcome found{finished.status, finished.err, read(folder + "/packets.csv"), {}};
        const auto text = read(folder + "/statistics.json");
        if (!text.empty()) found.statistics = nlohmann::json::parse(text).at("statistics");
        std::filesystem::remove_all(folder);
        return found;
    }

    // Runs it in both timings; what is the same in both.
    outcome run_both(const std::string& scenario) const {
        auto exact = run(scenario, "exact"), fast = run(scenario, "fast");
        EXPECT_EQ(exact.status, fast.status);
        EXPECT_EQ(exact.err, fast.err);
        EXPECT_TRUE(exact.packets == fast.packets);
        EXPECT_EQ(exact.statistics, fast.statistics);
        return exact;
    }

    // Sockets, request sockets, dst entries and packets that nobody owns at the end, a line each.
    static std::string left_behind(const std::string& scenario) {
        std::string found;
        const auto simulate = [&] {
            host simulated(load_scenario(scenario).host);
            simulated.run();
            std::string lines;
            for (const auto& each : simulated.unowned()) lines += each + '\n';
            return lines;
        };
        run_children({simulate}, 1, [&](std::size_t, const child_result& result) { found = result.text; });
        return found;
    }
};

std::vector<std::string> files_under(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".toml") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

std::string name_of(const testing::TestParamInfo<std::string>& file) {
    const std::filesystem::path path(file.param);
    auto name = path.parent_path().filename().string() + "_" + path.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

class ShippedScenario : public timings, public testing::WithParamInterface<std::string> {};

TEST_P(ShippedScenario, IsTheSameInBothTimings) {
    const auto both = run_both(GetParam());
    EXPECT_EQ(both.status, 0) << both.err;
    EXPECT_EQ(both.statistics.at("run.stalled"), 0);
    EXPECT_EQ(left_behind(GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(timing, ShippedScenario, testing::ValuesIn(files_under(RXPATH_SOURCE_DIR "/scenarios")),
                         name_of);

class RandomScenarios : public timings, public testing::WithParamInterface<int> {
protected:
    static constexpr int scenarios_a_test = 10;

    void hold(const std::string& text) const {
        SCOPED_TRACE(text);
        const auto both = run_both(write("scenario.toml", text));
        const bool warm_up_was_too_long = both.err.find("nothing is measured") != std::string::npos;
        EXPECT_EQ(both.status, warm_up_was_too_long ? 3 : 0) << both.err;
        if (both.status == 0) every_packet_has_one_fate(both.statistics);
        EXPECT_EQ(left_behind(path("scenario.toml")), "");
    }

    static void every_packet_has_one_fate(const nlohmann::json& found) {
        const auto sum = [&](std::initializer_list<const char*> names) {
            std::uint64_t total = 0;
            for (const auto* name : names) total += found.at(name).get<std::uint64_t>();
            return total;
        };
        EXPECT_EQ(sum({"packets.offered", "packets.carried_in"}),
                  sum({"packets.received", "packets.lost", "packets.in_flight"}));
        EXPECT_EQ(
            sum({"packets.received", "packets.looped", "packets.held_before", "packets.lost"}),
            sum({"packets.delivered", "packets.forwarded", "packets.consumed", "packets.held", "packets.dropped"}));
        EXPECT_LE(found.at("core.utilisation").is_null() ? 0 : found.at("core.utilisation").get<double>(), 1);
    }
};

TEST_P(RandomScenarios, AreTheSameInBothTimingsAndEnd) {
    for (int i = 0; i < scenarios_a_test; ++i) {
        const auto seed = static_cast<std::uint64_t>(GetParam() * scenarios_a_test + i);
        hold(make_random_scenario(seed, seed % 3 == 0 ? scenario_kind::full_of_ties : scenario_kind::any));
        if (HasFailure()) return;  // its text is printed: one is enough
    }
}

INSTANTIATE_TEST_SUITE_P(timing, RandomScenarios, testing::Range(0, 20));

class ReportedScenario : public timings {
protected:
    static std::string reported(const std::string& name) {
        return RXPATH_SOURCE_DIR "/tests/scenario/data/reports/" + name;
    }
};

TEST_F(ReportedScenario, RingOfOneThatIsFilledAsItIsTaken) {
    const auto both = run_both(reported("exact_differs_from_fast.toml"));
    EXPECT_EQ(both.status, 0) << both.err;
}

// rp_filter drops all that comes on nic1, every second packet; the peer sends again what is lost, until it gives up.
TEST_F(ReportedScenario, ConnectionWhoseSegmentsStopGettingThroughEnds) {
    const auto both = run_both(reported("hang_connection_lost_after_rp_filter.toml"));
    EXPECT_EQ(both.status, 0) << both.err;
}

// The address goes, so that routing drops segments that early demux has given their socket; it comes back.
TEST_F(ReportedScenario, SocketOfDroppedSegmentsIsGivenBack) {
    const auto scenario = reported("leak_tcp_socket.toml");
    EXPECT_EQ(run_both(scenario).status, 0);
    EXPECT_EQ(left_behind(scenario), "");
}

// The application closes after the flow's 20 packets. The peer's FIN comes twice: its last ACK seems lost.
TEST_F(ReportedScenario, ServerClosesAfterTheFlowsPackets) {
    const auto both = run_both(reported("hang_server_closes_without_packets_per_connection.toml"));
    EXPECT_EQ(both.status, 0) << both.err;
    EXPECT_EQ(both.statistics.at("packets.delivered"), 20);
    EXPECT_EQ(both.statistics.at("tcp.fins_received"), 2);
    EXPECT_EQ(both.statistics.at("run.stalled"), 0);
}

// 90 datagrams an interrupt: a poll of 64, then one of 26. A budget up to 26 ends both net_rx_action(), up to 64 the
// first; above, none.
TEST_F(ReportedScenario, BudgetEndsNetRxAction) {
    const auto squeezes = [&](int budget) {
        const auto found = rxpath("run --json " + reported("budget_without_effect.toml") +
                                  " --set napi.budget=" + std::to_string(budget))
                               .json()
                               .at("statistics");
        return std::pair(found.at("napi.time_squeezes").get<int>(), found.at("napi.polls").get<int>());
    };
    const auto [at_1, polls] = squeezes(1);
    EXPECT_EQ(at_1, polls);
    EXPECT_GT(squeezes(64).first, 0);
    EXPECT_LT(squeezes(64).first, at_1);
    EXPECT_EQ(squeezes(65).first, 0);
}

// Nobody answers: what the run says about the flow that cannot go on.
TEST_F(ReportedScenario, StallIsSaidOnStandardErrorAndInTheReport) {
    const auto scenario = write("stall.toml",
                                "[[listen]]\ntcp = \"10.0.0.1:80\"\n[[flow]]\n"
                                "tcp = { from = \"10.0.0.2:40000\", to = \"10.0.0.1:80\" }\npackets = 30\n"
                                "[[at]]\ntime = \"0us\"\ndo = \"ip addr del 10.0.0.1/24 dev nic0\"\n");
    const auto run = rxpath("run " + scenario);
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.err, testing::ContainsRegex("rxpath: stalled: flow 1 .tcp from 10.0.0.2:40000 to 10.0.0.1:80.: "
                                                "30 packets never sent"));
    EXPECT_THAT(run.out, testing::HasSubstr("stalled: flow 1"));
    EXPECT_EQ(rxpath("run --json " + scenario).json().at("statistics").at("run.stalled"), 1);
}

}  // namespace
}  // namespace rxpath
