#include "sim/parameter/value.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

double parsed(value_kind kind, std::string_view text) {
    value result;
    EXPECT_TRUE(parse_value(kind, {}, text, result)) << text;
    return result.number;
}

bool refused(value_kind kind, std::string_view text, value_range range = {}) {
    value ignored;
    return !parse_value(kind, range, text, ignored);
}

TEST(Value, UnitsScaleToBitsBytesPacketsAndPicoseconds) {
    EXPECT_EQ(parsed(value_kind::bit_rate, "10Gbit"), 10e9);
    EXPECT_EQ(parsed(value_kind::size, "100B"), 100);
    EXPECT_EQ(parsed(value_kind::size, "2KiB"), 2048);
    EXPECT_EQ(parsed(value_kind::packet_rate, "200kpps"), 200e3);
    EXPECT_EQ(parsed(value_kind::duration, "40ms"), 40e9);
    EXPECT_EQ(parsed(value_kind::frequency, "2.5GHz"), 2.5e9);
    EXPECT_EQ(parsed(value_kind::core_cycles, "3000cycles"), 3000);
}

TEST(Value, UnderscoresGroupDigits) { EXPECT_EQ(parsed(value_kind::integer, "20_000"), 20000); }

TEST(Value, QuantityWithoutAUnitIsRefused) {
    EXPECT_TRUE(refused(value_kind::size, "100"));
    EXPECT_TRUE(refused(value_kind::duration, "0"));
}

TEST(Value, UnitOfAnotherKindIsRefused) {
    EXPECT_TRUE(refused(value_kind::size, "100ms"));
    EXPECT_TRUE(refused(value_kind::integer, "5B"));
}

TEST(Value, UnitsAreCaseSensitive) { EXPECT_TRUE(refused(value_kind::bit_rate, "10gbit")); }

TEST(Value, WhatIsNoNumberIsRefused) {
    for (const auto* text : {"", "many", "-", ".", "1.2.3", "1e3", "0x10", " 5"}) {
        EXPECT_TRUE(refused(value_kind::integer, text)) << text;
    }
}

TEST(Value, FractionOfAByteIsRefusedAndOfAKilobyteIsNot) {
    EXPECT_TRUE(refused(value_kind::size, "1.5B"));
    EXPECT_EQ(parsed(value_kind::size, "1.5kB"), 1500);
}

TEST(Value, BoundsThemselvesAreAllowed) {
    EXPECT_FALSE(refused(value_kind::integer, "1", {1, 3}));
    EXPECT_FALSE(refused(value_kind::integer, "3", {1, 3}));
    EXPECT_TRUE(refused(value_kind::integer, "0", {1, 3}));
    EXPECT_TRUE(refused(value_kind::integer, "4", {1, 3}));
}

TEST(Value, BooleanIsTrueFalseOneOrZero) {
    EXPECT_EQ(parsed(value_kind::boolean, "true"), 1);
    EXPECT_EQ(parsed(value_kind::boolean, "0"), 0);
    EXPECT_TRUE(refused(value_kind::boolean, "yes"));
}

TEST(Value, DescriptionNamesTheUnits) {
    EXPECT_EQ(describe(value_kind::packet_rate), "a packet rate with a unit (pps, kpps, Mpps)");
}

TEST(Value, RangeIsWrittenInTheLargestUnitThatFits) {
    EXPECT_EQ(describe_range(value_kind::duration, {1e3, 1e12}), "1ns to 1s");
    EXPECT_EQ(describe_range(value_kind::size, {0, 1472}), "0B to 1472B");
}

}  // namespace
}  // namespace rxpath
