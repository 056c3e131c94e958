#include "sim/support/table.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rxpath {
namespace {

TEST(Table, TextIsLeftAndNumbersAreRight) {
    table out({{"stage", table::side::left}, {"ns"}});
    out.row({"napi", "5"});
    out.row({"ip_receive", "1,234"});
    EXPECT_EQ(out.text({}),
              "stage          ns\n"
              "─────────────────\n"
              "napi            5\n"
              "ip_receive  1,234\n");
}

TEST(Table, WidthCountsCharactersNotBytes) {
    table out({{"a", table::side::left}, {"b"}});
    out.row({"██", "1"});
    EXPECT_EQ(out.text({}), "a   b\n─────\n██  1\n");
}

TEST(Table, MissingCellsAreEmpty) {
    table out({{"a", table::side::left}, {"b"}});
    out.row({"x"});
    EXPECT_EQ(out.text({}), "a  b\n────\nx\n");
}

TEST(Table, ColourOnlyWhereItIsWanted) {
    EXPECT_EQ(text_style{false}.bold("x"), "x");
    EXPECT_EQ(text_style{true}.bold("x"), "\x1b[1mx\x1b[0m");
}

TEST(Bar, IsFilledByEighths) {
    EXPECT_EQ(bar(0, 4), "");
    EXPECT_EQ(bar(0.5, 4), "██");
    EXPECT_EQ(bar(1, 4), "████");
    EXPECT_EQ(bar(2, 4), "████");
    EXPECT_EQ(bar(1.0 / 32, 4), "▏");
    EXPECT_EQ(bar(std::nan(""), 4), "");
}

TEST(ShortNumber, HasThreeDigitsOrGroups) {
    EXPECT_EQ(short_number(0), "0");
    EXPECT_EQ(short_number(0.1234), "0.123");
    EXPECT_EQ(short_number(12.34), "12.3");
    EXPECT_EQ(short_number(1234567), "1,234,567");
    EXPECT_EQ(short_number(-1234), "-1,234");
    EXPECT_EQ(short_number(std::nan("")), "-");
}

TEST(Percent, HasOneDigit) { EXPECT_EQ(percent(0.1234), "12.3 %"); }

}  // namespace
}  // namespace rxpath
