#include "sim/scenario/toml_nesting.h"

#include <gtest/gtest.h>

#include <string>

namespace rxpath {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

TEST(TomlNesting, KeyMayHaveSixteenPartsAndNoMore) {
    EXPECT_EQ(line_nested_too_deeply(repeated("a.", 15) + "a = 1"), std::nullopt);
    EXPECT_EQ(line_nested_too_deeply("x = 1\n" + repeated("a.", 16) + "a = 1"), 2u);
    EXPECT_EQ(line_nested_too_deeply('[' + repeated("a . ", 16) + "a]"), 1u);
    EXPECT_EQ(line_nested_too_deeply(repeated("\"a\".", 16) + "a = 1"), 1u);
}

TEST(TomlNesting, BracketsMayNestSixteenTimesAndNoMore) {
    EXPECT_EQ(line_nested_too_deeply("x = " + repeated("[", 16) + repeated("]", 16)), std::nullopt);
    EXPECT_EQ(line_nested_too_deeply("x = " + repeated("[", 17) + repeated("]", 17)), 1u);
    EXPECT_EQ(line_nested_too_deeply("x = " + repeated("{a=\n", 17)), 17u);
}

TEST(TomlNesting, DotsOfSeveralKeysOrNumbersDoNotAddUp) {
    EXPECT_EQ(line_nested_too_deeply("x = [" + repeated("1.5, ", 100) + "]"), std::nullopt);
    EXPECT_EQ(line_nested_too_deeply(repeated("a.b = 1\n", 100)), std::nullopt);
    EXPECT_EQ(line_nested_too_deeply(repeated("[[a]]\n", 100)), std::nullopt);
}

TEST(TomlNesting, StringsAndCommentsDoNotNest) {
    const auto dots = repeated(".[", 100);
    EXPECT_EQ(line_nested_too_deeply("# " + dots + "\nx = \"" + dots + "\"\ny = '" + dots + "'"), std::nullopt);
    EXPECT_EQ(line_nested_too_deeply("x = \"\"\"\n" + dots + "\n\"\"\"\ny = '''" + dots + "'''"), std::nullopt);
    EXPECT_EQ(line_nested_too_deeply("x = \"\\\"" + dots + "\""), std::nullopt);
    EXPECT_EQ(line_nested_too_deeply("x = \"\"\"\n\n\"\"\"\n" + repeated("a.", 16)), 4u);
}

TEST(TomlNesting, StringThatDoesNotEndHidesNoLaterLine) {
    EXPECT_EQ(line_nested_too_deeply("x = \"\n" + repeated("a.", 16)), 2u);
    EXPECT_EQ(line_nested_too_deeply("x = '"), std::nullopt);
    EXPECT_EQ(line_nested_too_deeply("x = \"\\"), std::nullopt);
}

}  // namespace
}  // namespace rxpath
