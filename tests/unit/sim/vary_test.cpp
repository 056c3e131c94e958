#include "sim/study/vary.h"

#include <gmock/gmock.h>

#include "sim/support/error.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(std::string_view axis) { return parse_axis(axis).texts; }

TEST(Axis, ListsValues) { EXPECT_THAT(texts("nic.ring=1,2,9"), ElementsAre("1", "2", "9")); }

TEST(Axis, RangeCountsByOnes) {
    EXPECT_THAT(texts("run.seed=1..5"), ElementsAre("1", "2", "3", "4", "5"));
    EXPECT_THAT(texts("run.seed=7..7"), ElementsAre("7"));
    EXPECT_THAT(texts("run.seed=8999999999999998..8999999999999999"),
                ElementsAre("8999999999999998", "8999999999999999"));
}

TEST(Axis, RangeWithAFactorMultiplies) {
    EXPECT_THAT(texts("nic.ring=4..64:*2"), ElementsAre("4", "8", "16", "32", "64"));
    EXPECT_THAT(texts("nic.ring=1..1000:*10"), ElementsAre("1", "10", "100", "1000"));
    EXPECT_THAT(texts("application.copy_bytes_per_cycle=0.5..4:*2"), ElementsAre("0.5", "1", "2", "4"));
}

TEST(Axis, RangeWithAStepIsLinear) {
    EXPECT_THAT(texts("run.seed=1..5:2"), ElementsAre("1", "3", "5"));
    EXPECT_THAT(texts("cpu.base_cycles_per_instruction=0.5..0.8:0.1"), ElementsAre("0.5", "0.6", "0.7", "0.8"));
}

TEST(Axis, ValuesAndRangesMix) { EXPECT_THAT(texts("nic.ring=1,4..6,100"), ElementsAre("1", "4", "5", "6", "100")); }

TEST(Axis, UnitOfTheEndCountsForTheBeginning) {
    EXPECT_THAT(texts("flow.payload=64..256B:*2"), ElementsAre("64B", "128B", "256B"));
    EXPECT_THAT(texts("flow.payload=100..300B:100B"), ElementsAre("100B", "200B", "300B"));
    EXPECT_THAT(texts("flow.rate=1Mpps..2Mpps"), ElementsAre("1Mpps", "2Mpps"));
}

TEST(Axis, RefusesWhatIsNotAllowed) {
    for (const auto* text : {"nic.ring", "nic.rng=1", "nic.ring=a", "nic.ring=0", "nic.ring=8..4", "nic.ring=0..4",
                             "nic.ring=1..4:0", "flow.payload=64", "flow.rate=1kpps..2Mpps", "nic.ring=1..x"}) {
        EXPECT_THROW(parse_axis(text), input_error) << text;
    }
}

std::string refusal(std::string_view axis) {
    try {
        parse_axis(axis);
    } catch (const input_error& error) {
        return error.what();
    }
    return "";
}

TEST(Axis, RangeThatMissesItsEndIsRefused) {
    for (const auto* text : {"run.seed=1..10:2", "nic.ring=1..10:*2", "cpu.base_cycles_per_instruction=0.5..0.8"})
        EXPECT_THAT(refusal(text), testing::HasSubstr("comes to its end")) << text;
    EXPECT_THAT(refusal("nic.ring=1..10:*2"), testing::HasSubstr("which ends at 8"));
}

TEST(Axis, RangesWithoutEndAreRefusedBeforeTheyAreMade) {
    const auto huge = std::string(400, '9');
    for (const auto& range :
         std::vector<std::string>{"1.." + huge, "1..2:*1", "1..9000000000000000", "0..16:*2", "1..1024:*1.0000001"})
        EXPECT_NE(refusal("run.seed=" + range), "") << range;
    EXPECT_THAT(refusal("run.seed=1..10000000000"), testing::HasSubstr("up to 100,000 values"));
}

TEST(Axis, DotsInATextAreNoRange) { EXPECT_THAT(texts("cpu.profile=../mine"), ElementsAre("../mine")); }

TEST(Points, AreLimitedBeforeTheyAreMade) {
    const auto seeds = parse_axis("run.seed=1..100000"), rings = parse_axis("nic.ring=1..2");
    EXPECT_EQ(points_of({seeds}).size(), 100'000u);
    EXPECT_THROW(points_of({seeds, rings}), input_error);
}

TEST(Points, ParameterIsVariedOnce) {
    EXPECT_THROW(points_of({parse_axis("nic.ring=1,2"), parse_axis("nic.ring=3")}), input_error);
}

TEST(Points, AreAllCombinations) {
    const auto points = points_of({parse_axis("nic.ring=1,2"), parse_axis("run.seed=7,8")});
    std::vector<std::string> names;
    for (const auto& each : points) names.push_back(each.name());
    EXPECT_THAT(names, ElementsAre("nic.ring=1 run.seed=7", "nic.ring=1 run.seed=8", "nic.ring=2 run.seed=7",
                                   "nic.ring=2 run.seed=8"));
}

}  // namespace
}  // namespace rxpath
