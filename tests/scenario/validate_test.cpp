#include <gmock/gmock.h>

#include "tests/scenario/program.h"

namespace rxpath {
namespace {

using testing::HasSubstr;

const std::string header =
    "run,routes,rules,rp_filter,flows,payload,ack_only,off_tsc,on_tsc,saved_p10,saved_p50,saved_p90,tsc_per_core_"
    "cycle\n";

class Validate : public program_test {
protected:
    std::string file(const std::string& rows) const { return write("measured.csv", header + rows); }
};

// Savings of 2, 1,000 and 1,000,000 cycles: the first and the last are out of every model's reach.
const std::string tiny_base = "1,0,0,0,1,100,0,1002,1000,1,2,3,1\n2,0,0,0,1,100,0,1003,1000,1,3,3,1\n";
const std::string wide_base = "1,0,0,0,1,100,0,1001,1000,1,1,1,1\n2,0,0,0,1,100,0,2000000,1000000,1,1000000,3,1\n";

TEST_F(Validate, OneRowAConfigurationInTheOrderOfTheFile) {
    const auto run = rxpath("validate --json " + file("1,0,8,0,1,100,0,1300,1000,200,300,400,0.8\n"
                                                      "1,0,0,0,1,100,0,1100,1000,50,100,200,0.8\n"
                                                      "1,10,0,1,4,200,0,1100,1000,50,100,200,0.8\n"
                                                      "2,0,8,0,1,100,0,1300,1000,200,300,400,0.8\n"));
    ASSERT_LE(run.status, 1) << run.err;
    const auto rows = run.json().at("rows");
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].at("rules"), 8);
    EXPECT_EQ(rows[0].at("predicted_growth"), 1);  // the first row's is the base
    EXPECT_EQ(rows[1].at("rules"), 0);
    EXPECT_LT(rows[1].at("predicted_growth"), 1);  // without rules there is less to save
    EXPECT_EQ(rows[2].at("routes"), 10);
    EXPECT_EQ(rows[2].at("payload"), 200);
    EXPECT_DOUBLE_EQ(rows[0].at("measured_saved_cycles").get<double>(), 375);  // 300 / 0.8
}

TEST_F(Validate, PredictionOutsideTheMeasuredRangeFails) {
    const auto run = rxpath("validate " + file(tiny_base));
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, HasSubstr("fails"));
}

TEST_F(Validate, PredictionInsideTheMeasuredRangeHolds) {
    const auto run = rxpath("validate " + file(wide_base));
    EXPECT_EQ(run.status, 0) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr("holds"));
}

TEST_F(Validate, SettingsReachTheSimulatedHost) {
    const auto cycles = [&](const std::string& options) {
        const auto run = rxpath("validate --json " + options + " " + file(wide_base));
        return run.json().at("rows")[0].at("predicted_saved_cycles").get<double>();
    };
    EXPECT_GT(cycles("--set net.ipv4.conf.nic0.rp_filter=1"), cycles(""));
}

TEST_F(Validate, WithoutAFileTheShippedMeasurementWhichHoldsAndThePublishedFigures) {
    const auto run = rxpath("validate");
    EXPECT_EQ(run.status, 0) << run.out << run.err;
    for (const auto* part : {"flows=16384", "rp_filter=1", "payload=1448", "ack_only=1", "V4", "V9"})
        EXPECT_THAT(run.out, HasSubstr(part));
}

TEST_F(Validate, BadFileIsBadInput) {
    const auto run = rxpath("validate " + file("1,0,0,0,1,100,0,1002,0,1,2,3,1\n"));
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.err, HasSubstr("measured.csv:2: on_tsc: found \"0\", allowed:"));
    EXPECT_TRUE(run.out.empty());
}

TEST_F(Validate, MissingFileAndUnknownSettingAreBadInput) {
    EXPECT_EQ(rxpath("validate " + path("none.csv")).status, 2);
    EXPECT_EQ(rxpath("validate --set cpu.clock=1GHz " + file(wide_base)).status, 2);
}

}  // namespace
}  // namespace rxpath
