#include "sim/support/text.h"

#include <gmock/gmock.h>

namespace rxpath {
namespace {

TEST(Nearest, FindsAMisspelling) {
    EXPECT_EQ(nearest("paylod", {"rate", "payload"}), "payload");
    EXPECT_EQ(nearest("rat", {"rate", "payload"}), "rate");
}

TEST(Nearest, FindsNothingWhenAllAreFar) { EXPECT_EQ(nearest("colour", {"rate", "payload"}), ""); }

TEST(Split, KeepsEmptyParts) { EXPECT_THAT(split("a,,b", ','), testing::ElementsAre("a", "", "b")); }

TEST(Grouped, HasACommaEveryThreeDigits) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(12345678), "12,345,678");
}

// The published values of 64-bit FNV-1a for the empty text and for "a".
TEST(Fingerprint, IsFnv1a) {
    EXPECT_EQ(fingerprint(""), "cbf29ce484222325");
    EXPECT_EQ(fingerprint("a"), "af63dc4c8601ec8c");
}

}  // namespace
}  // namespace rxpath
