#include "sim/hardware/validation.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "sim/hardware/published_figures.h"
#include "sim/support/csv_rows.h"
#include "sim/support/error.h"

namespace rxpath {
namespace {

using testing::HasSubstr;

const measured_configuration base = parse_configuration("flows=1"), rules = parse_configuration("rules=8"),
                             flows = parse_configuration("flows=16");

saving_row measured(std::uint32_t run, const measured_configuration& host, double on, double saved, double ticks = 1) {
    saving_row row;
    row.run = run;
    row.line = 2;
    row.host = host;
    row.on_tsc = on;
    row.off_tsc = on + saved;
    row.saved_p50 = saved;
    row.tsc_per_core_cycle = ticks;
    return row;
}

// Shares of the base 0.10 and 0.08, of the rules 0.30 and 0.16, of the flows 0.09 and 0.08.
const std::vector<saving_row> two_runs{measured(1, base, 1000, 100, 0.5),  measured(1, rules, 1000, 300, 0.5),
                                       measured(1, flows, 2000, 180, 0.5), measured(2, base, 500, 40, 0.8),
                                       measured(2, rules, 500, 80, 0.8),   measured(2, flows, 1000, 80, 0.8)};

std::vector<validated_group> validated(const std::vector<saving_row>& rows,
                                       const std::vector<saving_prediction>& predictions) {
    return validate(group_by_configuration(rows, "x.csv"), predictions);
}
// A host whose saving is `share` of on = 1000 cycles.
saving_prediction predicted(double share) { return {1000 + 1000 * share, 1000}; }

TEST(Spread, MedianOfAnEvenNumberIsBetweenTheMiddleTwo) {
    const auto found = spread_of({4, 1, 3, 10});
    EXPECT_DOUBLE_EQ(found.median, 3.5);
    EXPECT_DOUBLE_EQ(found.least, 1);
    EXPECT_DOUBLE_EQ(found.most, 10);
    EXPECT_DOUBLE_EQ(spread_of({2, 1, 9}).median, 2);
}

TEST(Validation, GroupsComeInTheOrderOfTheFile) {
    const auto groups = group_by_configuration(two_runs, "x.csv");
    ASSERT_EQ(groups.size(), 3u);
    EXPECT_TRUE(groups[0].host == base);
    EXPECT_TRUE(groups[1].host == rules);
    EXPECT_TRUE(groups[2].host == flows);
    EXPECT_EQ(groups[1].runs, 2u);
}

TEST(Validation, GrowthIsAgainstTheBaseOfTheSameRun) {
    const auto groups = group_by_configuration(two_runs, "x.csv");
    EXPECT_DOUBLE_EQ(groups[0].growth.least, 1);
    EXPECT_DOUBLE_EQ(groups[0].growth.most, 1);
    EXPECT_DOUBLE_EQ(groups[1].growth.most, 3.0);   // 0.30 / 0.10
    EXPECT_DOUBLE_EQ(groups[1].growth.least, 2.0);  // 0.16 / 0.08
    EXPECT_DOUBLE_EQ(groups[1].growth.median, 2.5);
}

TEST(Validation, SavedCyclesAreTicksByTheClockOfTheRun) {
    const auto base_group = group_by_configuration(two_runs, "x.csv").front();
    EXPECT_DOUBLE_EQ(base_group.saved_cycles.most, 200);  // 100 / 0.5
    EXPECT_DOUBLE_EQ(base_group.saved_cycles.least, 50);  // 40 / 0.8
}

TEST(Validation, BaseIsTheFirstRowWhateverItIs) {
    const auto groups = group_by_configuration({measured(1, rules, 1000, 300), measured(1, base, 1000, 100)}, "x.csv");
    EXPECT_TRUE(groups[0].host == rules);
    EXPECT_DOUBLE_EQ(groups[1].growth.median, 100.0 / 300);
}

TEST(Validation, RunWithoutItsBaseIsAnError) {
    auto rows = two_runs;
    rows.push_back(measured(3, rules, 500, 80));
    rows.back().line = 8;
    try {
        group_by_configuration(rows, "x.csv");
        FAIL();
    } catch (const input_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("x.csv:8: run: found 3, which has no row of the base (base)"));
    }
}

TEST(Validation, BaseThatSavesNothingIsAnError) {
    EXPECT_THROW(group_by_configuration({measured(1, base, 1000, 0)}, "x.csv"), input_error);
    EXPECT_THROW(group_by_configuration({measured(1, base, 1000, -5)}, "x.csv"), input_error);
}

TEST(Validation, BaseHoldsInTheRangeOfItsRuns) {
    const auto result = [](double saved) {
        return validated(two_runs, {{1000 + saved, 1000}, predicted(1), predicted(1)}).front().result;
    };
    EXPECT_EQ(result(49), verdict::fails);
    EXPECT_EQ(result(50), verdict::holds);
    EXPECT_EQ(result(200), verdict::holds);
    EXPECT_EQ(result(201), verdict::fails);
}

TEST(Validation, OneFlowHoldsWithinFifteenPercentOfTheMedian) {
    const auto result = [](double growth) {  // measured: 2.5
        return validated(two_runs, {predicted(0.1), predicted(0.1 * growth), predicted(0.1)})[1].result;
    };
    EXPECT_EQ(result(2.12), verdict::fails);
    EXPECT_EQ(result(2.13), verdict::holds);
    EXPECT_EQ(result(2.87), verdict::holds);
    EXPECT_EQ(result(2.88), verdict::fails);
}

TEST(Validation, SeveralFlowsHoldInTheRangeOfTheRuns) {
    const auto result = [](double growth) {  // measured: 0.9 and 1.0
        return validated(two_runs, {predicted(0.1), predicted(0.25), predicted(0.1 * growth)})[2].result;
    };
    EXPECT_EQ(result(0.89), verdict::fails);
    EXPECT_EQ(result(0.95), verdict::holds);
    EXPECT_EQ(result(1.01), verdict::fails);
}

TEST(Validation, OneRunDecidesOnlyWhatNeedsNoRange) {
    const std::vector<saving_row> one_run(two_runs.begin(), two_runs.begin() + 3);
    const auto groups = validated(one_run, {predicted(0.5), predicted(1.5), predicted(0.5)});
    EXPECT_EQ(groups[0].result, verdict::undecided);
    EXPECT_EQ(groups[1].result, verdict::holds);  // 3.0, as measured
    EXPECT_EQ(groups[2].result, verdict::undecided);
    EXPECT_FALSE(any_fails(groups));
}

TEST(Validation, SimulatedBaseThatSavesNothingFailsAll) {
    const auto groups = validated(two_runs, {predicted(0), predicted(0), predicted(0.1)});
    for (const auto& group : groups) EXPECT_EQ(group.result, verdict::fails);
    EXPECT_THAT(validation_text(groups, {}), testing::ContainsRegex("rules=8 .* - +- +not fitted +fails"));
}

TEST(Validation, OneFailureIsAFailure) {
    EXPECT_FALSE(any_fails(validated(two_runs, {{1100, 1000}, predicted(0.25), predicted(0.095)})));
    EXPECT_TRUE(any_fails(validated(two_runs, {{1100, 1000}, predicted(0.25), predicted(0.2)})));
}

TEST(Validation, JsonHasARowAConfiguration) {
    const auto rows = to_json(validated(two_runs, {{1100, 1000}, predicted(0.25), predicted(0.095)})).at("rows");
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[1].dump(),
              R"({"routes":0,"rules":8,"rp_filter":0,"flows":1,"payload":100,"ack_only":0,"measured_growth":2.5,)"
              R"("predicted_growth":2.5,"measured_saved_cycles":350.0,"predicted_saved_cycles":250.0})");
}

TEST(Validation, ThreeConfigurationsAreFitted) {
    EXPECT_TRUE(is_fitted(base));
    EXPECT_TRUE(is_fitted(parse_configuration("rp_filter=1")));
    EXPECT_TRUE(is_fitted(parse_configuration("flows=16384")));
    EXPECT_FALSE(is_fitted(rules));
    EXPECT_FALSE(is_fitted(parse_configuration("rp_filter=1,flows=16384")));
}

TEST(Validation, TextSaysWhatHoldsAndWhatTheModelWasFittedTo) {
    auto groups = validated(two_runs, {{1100, 1000}, predicted(0.25), predicted(0.2)});
    const auto text = validation_text(groups, {});
    EXPECT_THAT(text, HasSubstr("measured 125 (50 to 200), predicted 100: holds"));
    EXPECT_THAT(text, testing::ContainsRegex("rules=8 +2 +2.50 \\(2.00 to 3.00\\) +2.50 +\\+0 % +not fitted +holds"));
    EXPECT_THAT(text, testing::ContainsRegex("flows=16 .*fails"));
}

// What validate lists is what the file has that docs/validation.md is made from.
TEST(PublishedFigures, AreThoseOfTheFile) {
    std::ifstream file(RXPATH_SOURCE_DIR "/docs/validation.csv");
    std::string header, line;
    std::getline(file, header);
    EXPECT_EQ(header, "figure,setup,published,scenario,note");
    const auto listed = published_figures_text({});
    std::size_t rows = 0;
    for (; std::getline(file, line); ++rows) {
        EXPECT_EQ(line.substr(0, line.find(',')), published_figures()[rows].name);
        EXPECT_NE(listed.find(published_figures()[rows].setup), std::string::npos);
    }
    EXPECT_EQ(published_figures().size(), rows);
}

TEST(PublishedFigures, ScenarioIsThereAndAFigureWithoutOneSaysWhy) {
    for (const auto& each : published_figures()) {
        const auto scenario = RXPATH_SOURCE_DIR "/scenarios/validation/" + each.scenario;
        EXPECT_TRUE(each.scenario.empty() ? !each.note.empty() : std::filesystem::exists(scenario)) << each.name;
    }
}

TEST(CsvRows, FieldInQuotesHoldsCommasAndQuotes) {
    const auto rows = csv_rows("a,b\n\"1,2\",\"say \"\"x\"\"\"\n\n,\n");
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[1], (std::vector<std::string>{"1,2", "say \"x\""}));
    EXPECT_EQ(rows[2], (std::vector<std::string>{"", ""}));
}

}  // namespace
}  // namespace rxpath
