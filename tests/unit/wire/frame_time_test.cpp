// frame_time(): IEEE 802.3's overhead, 8 bytes of preamble, 14 of header, 4 of check sequence, 12 of gap.
#include <gtest/gtest.h>

#include "models/wire/frame_time.h"

namespace rxpath {
namespace {

constexpr std::uint64_t ten_gigabit = 10'000'000'000;

TEST(frame_time, LeastFrameTakes67NanosecondsAtTenGigabit) {
    EXPECT_EQ(frame_time({46}, ten_gigabit).value, 67'200u);  // 84 bytes, at 14.88 million frames a second
}

TEST(frame_time, ShorterPacketIsPaddedToTheLeastFrame) {
    EXPECT_EQ(frame_time({28}, ten_gigabit).value, 67'200u);
    EXPECT_EQ(frame_time({47}, ten_gigabit).value, 68'000u);  // a byte more is 0.8 ns
}

TEST(frame_time, FullFrameTakes1230NanosecondsAtTenGigabit) {
    EXPECT_EQ(frame_time({1500}, ten_gigabit).value, 1'230'400u);  // 1538 bytes
}

TEST(frame_time, TenfoldRateTakesATenth) { EXPECT_EQ(frame_time({1500}, 10 * ten_gigabit).value, 123'040u); }

}  // namespace
}  // namespace rxpath
