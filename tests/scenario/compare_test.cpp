#include <gmock/gmock.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

class Compare : public program_test {};

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
        stages += part.at("instructions_per_packet").get<double>();
    for (const auto& [name, part] : saved.at("by_function").items())
        functions += part.at("instructions_per_packet").get<double>();
    const auto all =
        saved.at("instructions_per_packet").get<double>() + saved.at("context_instructions_per_packet").get<double>();
    EXPECT_NEAR(stages, all, 0.01);
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
    for (const auto* part :
         {"net.ipv4.tcp_early_demux=1", "net.ipv4.tcp_early_demux=0", "saved", "fib_table_lookup", "routing"}) {
        EXPECT_THAT(run.out, testing::HasSubstr(part));
    }
}

}  // namespace
}  // namespace rxpath
