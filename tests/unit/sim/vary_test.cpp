#include "sim/vary.h"

#include <gmock/gmock.h>

#include "sim/error.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(std::string_view axis) { return parse_axis(axis).texts; }

TEST(Axis, ListsValues) { EXPECT_THAT(texts("nic.ring=1,2,9"), ElementsAre("1", "2", "9")); }

TEST(Axis, RangeDoubles) {
    EXPECT_THAT(texts("nic.ring=4..64"), ElementsAre("4", "8", "16", "32", "64"));
    EXPECT_THAT(texts("nic.ring=1..10"), ElementsAre("1", "2", "4", "8"));
}

TEST(Axis, RangeWithAStepIsLinear) {
    EXPECT_THAT(texts("run.seed=1..5:2"), ElementsAre("1", "3", "5"));
    EXPECT_THAT(texts("cpu.base_cycles_per_instruction=0.5..0.8:0.1"), ElementsAre("0.5", "0.6", "0.7", "0.8"));
}

TEST(Axis, ValuesAndRangesMix) { EXPECT_THAT(texts("nic.ring=1,4..8,100"), ElementsAre("1", "4", "8", "100")); }

TEST(Axis, UnitOfTheEndCountsForTheBeginning) {
    EXPECT_THAT(texts("flow.payload=64..256B"), ElementsAre("64B", "128B", "256B"));
    EXPECT_THAT(texts("flow.rate=1Mpps..2Mpps"), ElementsAre("1Mpps", "2Mpps"));
}

TEST(Axis, RefusesWhatIsNotAllowed) {
    for (const auto* text : {"nic.ring", "nic.rng=1", "nic.ring=a", "nic.ring=0", "nic.ring=8..4", "nic.ring=0..4",
                             "nic.ring=1..4:0", "flow.payload=64", "flow.rate=1kpps..2Mpps", "nic.ring=1..x"}) {
        EXPECT_THROW(parse_axis(text), input_error) << text;
    }
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
