#include "sim/scenario/expectation.h"

#include <gmock/gmock.h>

namespace rxpath {
namespace {

bool holds(std::string_view text, double found) {
    const auto parsed = parse_expectation(text);
    EXPECT_TRUE(parsed) << text;
    return parsed && parsed->holds(found);
}

TEST(Expectation, ComparesAsWritten) {
    EXPECT_TRUE(holds(">= 0.99", 0.99));
    EXPECT_FALSE(holds(">= 0.99", 0.98));
    EXPECT_TRUE(holds("<= 5", 5));
    EXPECT_FALSE(holds("<= 5", 6));
    EXPECT_FALSE(holds("> 1", 1));
    EXPECT_TRUE(holds("> 1", 2));
    EXPECT_FALSE(holds("< 1", 1));
    EXPECT_TRUE(holds("== 3", 3));
    EXPECT_FALSE(holds("== 3", 4));
    EXPECT_TRUE(holds("3", 3));
    EXPECT_TRUE(holds("< -1", -2));
}

TEST(Expectation, RangeHasItsBounds) {
    EXPECT_TRUE(holds("10..20", 10));
    EXPECT_TRUE(holds("10..20", 20));
    EXPECT_FALSE(holds("10..20", 21));
    EXPECT_FALSE(holds("10..20", 9));
}

TEST(Expectation, SumsOfFractionsAreEqualEnough) { EXPECT_TRUE(holds("== 0.3", 0.1 + 0.2)); }

TEST(Expectation, OtherTextsAreNone) {
    for (const auto* text : {"", "about 5", "=> 5", ">=", "20..10", "5 packets", "!= 3"}) {
        EXPECT_FALSE(parse_expectation(text)) << text;
    }
}

TEST(Expectation, FailureSaysExpectedAndFound) {
    auto expected = *parse_expectation(">= 0.99");
    expected.statistic = "ratio";
    expected.line = 12;
    EXPECT_THAT(failed_expectations({expected}, "a.toml", [](auto) { return 0.5; }),
                testing::ElementsAre("a.toml:12: ratio: expected >= 0.99, found 0.5"));
    EXPECT_THAT(failed_expectations({expected}, "a.toml", [](auto) { return 1.0; }), testing::IsEmpty());
}

TEST(Expectation, StatisticWithoutAValueFails) {
    const auto failures =
        failed_expectations({*parse_expectation(">= 0")}, "a.toml", [](auto) { return std::nullopt; });
    EXPECT_THAT(failures, testing::ElementsAre(testing::HasSubstr("found no value")));
}

}  // namespace
}  // namespace rxpath
