#include "sim/hardware/saving_file.h"

#include <gmock/gmock.h>

#include "sim/hardware/shipped_measurement.h"
#include "sim/support/error.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string header =
    "run,routes,rules,rp_filter,flows,payload,ack_only,off_tsc,on_tsc,saved_p10,saved_p50,saved_p90,tsc_per_core_"
    "cycle\n";
const std::string row = "1,0,8,1,16,100,0,1100,1000,-50,100,150,0.8\n";

std::vector<std::string> errors_of(const std::string& text) {
    try {
        parse_savings(text, "x.csv");
    } catch (const input_error& error) {
        return error.messages();
    }
    return {};
}

TEST(SavingFile, RowHasItsConfigurationAndItsTimes) {
    const auto rows = parse_savings(header + row, "x.csv");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].host.rules, 8u);
    EXPECT_EQ(rows[0].host.flows, 16u);
    EXPECT_EQ(rows[0].line, 2u);
    EXPECT_DOUBLE_EQ(rows[0].saved_p10, -50);
    EXPECT_DOUBLE_EQ(rows[0].saved_core_cycles(), 125);  // 100 ticks, 0.8 of them a cycle
    EXPECT_DOUBLE_EQ(rows[0].saved_share(), 0.1);        // 100 of 1000
}

TEST(SavingFile, ColumnsMayComeInAnyOrder) {
    const auto rows = parse_savings(
        "tsc_per_core_cycle,run,routes,rules,rp_filter,flows,payload,ack_only,off_tsc,on_tsc,saved_p10,saved_p90,saved_"
        "p50\n"
        "0.5,3,0,0,0,1,100,0,20,10,1,3,2\n",
        "x.csv");
    EXPECT_EQ(rows[0].run, 3u);
    EXPECT_DOUBLE_EQ(rows[0].saved_core_cycles(), 4);
}

TEST(SavingFile, LinesMayEndAsOnWindows) {
    EXPECT_EQ(
        parse_savings("run,routes,rules,rp_filter,flows,payload,ack_only,off_tsc,on_tsc,saved_p10,saved_p50,saved_p90,"
                      "tsc_per_core_cycle\r\n1,0,0,0,1,100,0,20,10,1,2,3,0.5\r\n",
                      "x.csv")
            .size(),
        1u);
}

TEST(SavingFile, WrittenRowsAreReadAgain) {
    const auto rows = parse_savings(header + row, "x.csv");
    EXPECT_EQ(to_csv(rows), header + "1,0,8,1,16,100,0,1100,1000,-50,100,150,0.8000\n");
}

TEST(SavingFile, ShippedMeasurementHasEightConfigurationsInSixRuns) {
    EXPECT_EQ(parse_savings(shipped_measurement, "native.csv").size(), 48u);
}

TEST(SavingFile, MissingColumnIsNamed) {
    EXPECT_THAT(
        errors_of("run,routes,rules,rp_filter,flows,payload,ack_only,off_tsc,on_tsc,saved_p10,saved_p50,saved_p90\n"),
        ElementsAre("x.csv:1: missing: a column tsc_per_core_cycle"));
}

TEST(SavingFile, UnknownColumnIsNamedWithTheLikelyOne) {
    auto text = header;
    text.insert(0, "mtu,rules_,");
    const auto errors = errors_of(text);
    ASSERT_EQ(errors.size(), 2u);
    EXPECT_THAT(errors[0], HasSubstr("x.csv:1: column 1: found \"mtu\", allowed: run, routes"));
    EXPECT_THAT(errors[1], HasSubstr("did you mean rules?"));
}

TEST(SavingFile, ColumnTwiceIsAnError) {
    EXPECT_THAT(errors_of("run," + header), ElementsAre("x.csv:1: column 2: found \"run\" a second time"));
}

TEST(SavingFile, FileWithoutRowsIsAnError) {
    EXPECT_THAT(errors_of(header), ElementsAre("x.csv:1: found no rows, allowed: one or more below the header"));
    EXPECT_THAT(errors_of(""), testing::Not(testing::IsEmpty()));
}

TEST(SavingFile, TextForANumberIsAnErrorWithLineAndColumn) {
    EXPECT_THAT(errors_of(header + row + "2,0,8,1,16,100,0,1100,fast,-50,100,150,0.8\n"),
                ElementsAre(HasSubstr("x.csv:3: on_tsc: found \"fast\", allowed: a number")));
    EXPECT_THAT(errors_of(header + "1,0,8,1,16,100,0,1100,nan,-50,100,150,0.8\n"),
                ElementsAre(HasSubstr("x.csv:2: on_tsc: found \"nan\"")));
    EXPECT_THAT(errors_of(header + "1,0,8,1,16,100,0,1100,,-50,100,150,0.8\n"),
                ElementsAre(HasSubstr("x.csv:2: on_tsc: found \"\"")));
}

TEST(SavingFile, EveryWrongNumberIsReported) {
    const auto errors = errors_of(header + "0,0,-8,1,16,100,0,1100,0,-50,100,150,0\n");
    ASSERT_EQ(errors.size(), 4u);
    EXPECT_THAT(errors[0], HasSubstr("run: found \"0\", allowed: a whole number, 1 to"));
    EXPECT_THAT(errors[1], HasSubstr("rules: found \"-8\", allowed: a whole number, 0 to 250"));
    EXPECT_THAT(errors[2], HasSubstr("on_tsc: found \"0\""));
    EXPECT_THAT(errors[3], HasSubstr("tsc_per_core_cycle: found \"0\""));
}

TEST(SavingFile, PartOfAFlowIsAnError) {
    EXPECT_THAT(errors_of(header + "1,0,8,1,1.5,100,0,1100,1000,-50,100,150,0.8\n"),
                ElementsAre(HasSubstr("flows: found \"1.5\", allowed: a whole number, 1 to 50000")));
}

TEST(SavingFile, LineWithTooFewValuesIsAnError) {
    EXPECT_THAT(errors_of(header + "1,0,8\n"),
                ElementsAre("x.csv:2: found 3 values, allowed: 13, one for each column"));
    EXPECT_THAT(errors_of(header + row + "\n" + row), testing::Contains(HasSubstr("x.csv:3: found 1 values")));
}

TEST(SavingFile, ConfigurationTwiceInARunIsAnError) {
    EXPECT_THAT(errors_of(header + row + row),
                ElementsAre("x.csv:3: found rules=8 rp_filter=1 flows=16 a second time in run 1"));
}

TEST(SavingFile, RowWithAWrongNumberIsNotTakenForAnother) {
    const std::string base = "1,0,0,0,1,100,0,1100,1000,-50,100,150,0.8\n";
    EXPECT_THAT(errors_of(header + base + "1,0,0,0,70000,100,0,1100,1000,-50,100,150,0.8\n"),
                ElementsAre(HasSubstr("x.csv:3: flows: found \"70000\"")));
}

TEST(SavingFile, MissingFileIsAnError) { EXPECT_THROW(read_saving_file("/nowhere/x.csv"), input_error); }

TEST(SavingFile, FolderIsAnError) { EXPECT_THROW(read_saving_file("/tmp"), input_error); }

}  // namespace
}  // namespace rxpath
