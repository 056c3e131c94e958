#include <gmock/gmock.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

class Compare : public program_test {
protected:
    // What users brought.
    static std::string report(const std::string& name) {
        return RXPATH_SOURCE_DIR "/tests/scenario/data/reports/" + name;
    }
};

TEST_F(Compare, CachedDstSavesTheRouteLookup) {
    const auto run = rxpath("compare --json " + shipped("established/cached_vs_full.toml") + " --set run.packets=2000");
    const auto saved = run.json().at("saved");
    EXPECT_GT(saved.at("instructions_per_packet"), 0);
    EXPECT_GT(saved.at("cycles_per_packet"), 0);
    EXPECT_GT(saved.at("ns_per_packet"), 0);
    const auto& functions = saved.at("by_function");
    EXPECT_GT(functions.at("fib_table_lookup").at("instructions_per_packet"), 0);    // only without the cached dst
    EXPECT_LT(functions.at("tcp_v4_early_demux").at("instructions_per_packet"), 0);  // only with it
    EXPECT_FALSE(functions.contains("tcp_rcv_established"));                         // the same for both
}

TEST_F(Compare, SavingIsTheSumOfTheStagesAndOfTheFunctions) {
    const auto run = rxpath("compare --json " + shipped("established/cached_vs_full.toml") + " --set run.packets=2000");
    const auto saved = run.json().at("saved");
    double stages = 0, functions = 0;
    for (const auto& [name, part] : saved.at("by_stage").items())
        if (part.at("on_path") == true) stages += part.at("instructions_per_packet").get<double>();
    for (const auto& [name, part] : saved.at("by_function").items())
        functions += part.at("instructions_per_packet").get<double>();
    const auto all =
        saved.at("instructions_per_packet").get<double>() + saved.at("context_instructions_per_packet").get<double>();
    EXPECT_NEAR(stages, all, 0.01);  // the stages of the path; napi and the application are beside it
    EXPECT_NEAR(functions, all, 0.01);
}

TEST_F(Compare, RouterPaysForEarlyDemux) {
    const auto run =
        rxpath("compare --json " + shipped("forwarding/early_demux_only_costs.toml") + " --set run.packets=2000");
    EXPECT_LT(run.json().at("saved").at("instructions_per_packet"), 0);
}

TEST_F(Compare, TextHasAllVariantsAndTheSaving) {
    const auto run = rxpath("compare " + shipped("established/cached_vs_full.toml"));
    EXPECT_EQ(run.status, 0) << run.err;
    for (const auto* part : {"net.ipv4.tcp_early_demux=1", "net.ipv4.tcp_early_demux=0", "saved", "fib_table_lookup",
                             "routing", "as far apart as the 6 runs on hardware that zen3 is calibrated to"}) {
        EXPECT_THAT(run.out, testing::HasSubstr(part));
    }
}

// What the dst saves is the same work at any load; what the application gets of the core is not.
TEST_F(Compare, SavingOfThePathDoesNotDependOnTheLoad) {
    const auto at_rate = [&](const std::string& rate) {
        return rxpath("compare --json --jobs 2 --set run.packets=5000 --set flow.rate=" + rate + " " +
                      shipped("established/cached_vs_full.toml"))
            .json();
    };
    const auto core_is_full = [](const nlohmann::json& compared) {
        return compared.at("variants")[0].at("core_is_full") == true ||
               compared.at("variants")[1].at("core_is_full") == true;
    };
    const double saved = at_rate("50kpps").at("saved").at("cycles_per_packet");
    for (const auto* rate : {"100kpps", "150kpps", "180kpps", "200kpps", "300kpps"}) {
        const auto compared = at_rate(rate);
        EXPECT_NEAR(compared.at("saved").at("cycles_per_packet"), saved, 0.02 * saved) << rate;
        EXPECT_EQ(core_is_full(compared), std::string(rate) == "200kpps" || std::string(rate) == "300kpps") << rate;
    }
}

// The same scenario that does not say a rate.
TEST_F(Compare, SavingAtTheDefaultRateIsThatOfTheShippedScenario) {
    const auto saved_in = [&](const std::string& file) {
        const auto compared = rxpath("compare --json " + file).json();
        return compared.at("saved").at("cycles_per_packet").get<double>();
    };
    const auto shipped_saving = saved_in(shipped("established/cached_vs_full.toml"));
    EXPECT_NEAR(saved_in(report("default_rate.toml")), shipped_saving, 0.02 * shipped_saving);
}

TEST_F(Compare, FullCoreIsSaid) {
    const auto run =
        rxpath("compare --set flow.rate=300kpps --set run.packets=3000 " + shipped("established/cached_vs_full.toml"));
    EXPECT_THAT(run.out, testing::HasSubstr("the core is full with net.ipv4.tcp_early_demux=0"));
}

// With early demux ip_forward() drops what it forwards without.
TEST_F(Compare, PacketsOfAnotherFateLeaveNoSaving) {
    const auto compared = rxpath("compare --json " + report("saving_from_loss.toml")).json();
    EXPECT_TRUE(compared.at("fates_differ").get<bool>());
    EXPECT_TRUE(compared.at("saved").is_null());
    const auto dropped = compared.at("variants")[0].at("fates").at("dropped: NOT_SPECIFIED").get<int>();
    EXPECT_GT(dropped, 100);
    EXPECT_EQ(compared.at("variants")[1].at("fates").at("forwarded"), dropped);
    const auto text = rxpath("compare " + report("saving_from_loss.toml")).out;
    EXPECT_THAT(text, testing::HasSubstr("fates differ"));
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("on the path")));
}

// A router has no socket to bring packets to.
TEST_F(Compare, LatencyThatThereIsNotIsNoZero) {
    const auto run = rxpath("compare --set run.packets=500 " + shipped("forwarding/early_demux_only_costs.toml"));
    EXPECT_THAT(run.out, testing::ContainsRegex("ip_early_demux=1 .* %  +-  +-  "));
}

TEST_F(Compare, WhatWasLostBeforeThePathIsSaid) {
    const auto run = rxpath(
        "compare --set run.packets=2000 --set flow.rate=700kpps --set nic.ring=16 "
        "--set cpu.frequency=1600MHz " +
        shipped("forwarding/early_demux_only_costs.toml"));
    EXPECT_THAT(run.out, testing::HasSubstr("lost before the host took them with net.ipv4.ip_early_demux=1: "));
}

TEST_F(Compare, SavingHasTheRangeOfTheCalibrationUnlessTheCpuWasNotMeasured) {
    const auto saved_on = [&](const std::string& model) {
        return rxpath("compare --json --set cpu.model=" + model + " " + shipped("established/cached_vs_full.toml"))
            .json()
            .at("saved");
    };
    const auto saved = saved_on("zen3"), elsewhere = saved_on("icelake-server");
    EXPECT_LT(saved.at("calibrated_range")[0], saved.at("cycles_per_packet"));
    EXPECT_GT(saved.at("calibrated_range")[1], saved.at("cycles_per_packet"));
    EXPECT_TRUE(elsewhere.at("calibrated_range").is_null());
}

TEST_F(Compare, SensitivityRanksWhatMovesTheSaving) {
    const auto run = rxpath("compare --json --sensitivity --jobs 2 --set run.packets=500 " +
                            shipped("established/cached_vs_full.toml"));
    ASSERT_EQ(run.status, 1) << run.err;  // the scenario expects 20000 packets
    const auto found = run.json().at("sensitivity");
    EXPECT_EQ(found.at("saved"), run.json().at("saved").at("cycles_per_packet"));
    EXPECT_LT(found.at("low"), found.at("saved"));
    EXPECT_GT(found.at("high"), found.at("saved"));
    const auto& ranking = found.at("ranking");
    for (std::size_t i = 1; i < ranking.size(); ++i) EXPECT_GE(ranking[i - 1].at("swing"), ranking[i].at("swing"));
}

TEST_F(Compare, SensitivityTableHasTheLargestSwingFirst) {
    const auto file = shipped("established/cached_vs_full.toml");
    const auto few = " --sensitivity --set run.packets=500 ";
    const auto found = rxpath("compare --json" + std::string(few) + file).json().at("sensitivity").at("ranking");
    const auto text = rxpath("compare" + std::string(few) + file).out;
    const auto table = text.find("\nassumed number") + 1;
    ASSERT_NE(table, 0u);
    const auto first = text.find(found[0].at("parameter").get<std::string>(), table);
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(std::count(text.begin() + static_cast<std::ptrdiff_t>(table),
                         text.begin() + static_cast<std::ptrdiff_t>(first), '\n'),
              2);  // the header and its rule
    EXPECT_LT(first, text.find("without effect here:"));
}

TEST_F(Compare, ExpectationOfTheSavingThatFailsIsExitStatusOne) {
    const auto text = read(shipped("established/cached_vs_full.toml"));
    const auto file =
        write("case.toml", text.substr(0, text.find("[expect]")) + "[expect]\n\"saved.cycles_per_packet\" = \"< 0\"\n");
    EXPECT_EQ(rxpath("run -q --set run.packets=100 " + file).status, 0);  // a run has no variants
    const auto run = rxpath("compare --set run.packets=100 " + file);
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.err, testing::HasSubstr("saved.cycles_per_packet: expected < 0, found "));
}

}  // namespace
}  // namespace rxpath
