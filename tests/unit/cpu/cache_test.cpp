// cache: which lines it holds, and which one leaves.
#include "models/cpu/cache.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace rxpath {
namespace {

using state = line_state;

// Four sets of two ways; lines that differ by 4 share a set.
constexpr cache_shape four_sets_of_two{4 * 2 * 64, 2, 4};

TEST(cache, HasNothingAtFirst) {
    const cache small(four_sets_of_two);
    EXPECT_EQ(small.sets(), 4u);
    for (line_address line = 0; line < 16; ++line) EXPECT_EQ(small.find(line), state::invalid);
}

TEST(cache, HoldsALineInTheStateItWasGiven) {
    cache small(four_sets_of_two);
    EXPECT_EQ(small.insert(7, state::exclusive).state, state::invalid);
    EXPECT_EQ(small.use(7), state::exclusive);
    small.set_state(7, state::modified);
    EXPECT_EQ(small.find(7), state::modified);
    EXPECT_EQ(small.find(7 + 4), state::invalid);
}

TEST(cache, LineZeroIsALineLikeAnyOther) {
    cache small(four_sets_of_two);
    EXPECT_EQ(small.use(0), state::invalid);
    small.insert(0, state::shared);
    EXPECT_EQ(small.use(0), state::shared);
}

TEST(cache, LeastRecentlyUsedLineLeaves) {
    cache small(four_sets_of_two);
    small.insert(0, state::exclusive);
    small.insert(4, state::exclusive);
    small.use(0);
    const auto left = small.insert(8, state::exclusive);
    EXPECT_EQ(left.line, 4u);
    EXPECT_EQ(left.state, state::exclusive);
    EXPECT_EQ(small.find(0), state::exclusive);
}

TEST(cache, LookingIsNoUse) {
    cache small(four_sets_of_two);
    small.insert(0, state::exclusive);
    small.insert(4, state::exclusive);
    small.find(0);
    EXPECT_EQ(small.insert(8, state::exclusive).line, 0u);
}

TEST(cache, LinesOfOtherSetsStay) {
    cache small(four_sets_of_two);
    for (line_address line = 0; line < 8; ++line) EXPECT_EQ(small.insert(line, state::shared).state, state::invalid);
    EXPECT_EQ(small.insert(8, state::shared).line, 0u);
    for (line_address line = 1; line < 8; ++line) EXPECT_EQ(small.find(line), state::shared);
}

// LRU's worst case: with one line more than there are ways, each line leaves just before its next use.
TEST(cache, CyclicWalkOverOneLineMoreThanTheWaysAlwaysMisses) {
    cache one_set({8 * 64, 8, 4});
    int hits = 0;
    for (int round = 0; round < 10; ++round) {
        for (line_address line = 0; line < 9; ++line) {
            if (one_set.use(line) != state::invalid) {
                ++hits;
            } else {
                one_set.insert(line, state::exclusive);
            }
        }
    }
    EXPECT_EQ(hits, 0);
}

TEST(cache, CyclicWalkOverAllOfItAlwaysHitsAfterTheFirstRound) {
    cache whole({32 * 1024, 8, 4});
    for (line_address line = 0; line < 512; ++line) whole.insert(line, state::exclusive);
    for (line_address line = 0; line < 512; ++line) EXPECT_EQ(whole.use(line), state::exclusive);
}

TEST(cache, RemovedLineMakesRoomForTheNext) {
    cache small(four_sets_of_two);
    small.insert(0, state::modified);
    small.insert(4, state::shared);
    EXPECT_EQ(small.remove(0), state::modified);
    EXPECT_EQ(small.remove(0), state::invalid);
    EXPECT_EQ(small.insert(8, state::shared).state, state::invalid);
    EXPECT_EQ(small.find(4), state::shared);
}

TEST(cache, LinesOfDevicesTakeNoMoreThanTheirWays) {
    cache one_set({8 * 64, 8, 4});
    for (line_address line = 0; line < 8; ++line) one_set.insert(line, state::exclusive);
    for (line_address line = 100; line < 120; ++line) one_set.insert_from_device(line, state::modified, 2);
    int kept = 0;
    for (line_address line = 0; line < 8; ++line) kept += one_set.find(line) != state::invalid;
    EXPECT_EQ(kept, 6);
    EXPECT_EQ(one_set.find(119), state::modified);
    EXPECT_EQ(one_set.find(118), state::modified);
    EXPECT_EQ(one_set.find(117), state::invalid);
}

TEST(cache, NumberOfSetsMayBeAny) {
    cache three_sets({3 * 2 * 64, 2, 4});
    for (line_address line = 0; line < 6; ++line) three_sets.insert(line, state::shared);
    EXPECT_EQ(three_sets.insert(6, state::shared).line, 0u);
    EXPECT_EQ(three_sets.insert(8, state::shared).line, 2u);
}

TEST(cache, ClearedHoldsNothing) {
    cache small(four_sets_of_two);
    small.insert(3, state::modified);
    small.clear();
    EXPECT_EQ(small.find(3), state::invalid);
}

TEST(cache, ImpossibleShapesAreRefused) {
    EXPECT_THROW(cache({1000, 2, 4}), std::invalid_argument);
    EXPECT_THROW(cache({0, 2, 4}), std::invalid_argument);
    EXPECT_THROW(cache({1024, 0, 4}), std::invalid_argument);
    EXPECT_THROW(cache({64 * 65, 65, 4}), std::invalid_argument);
}

}  // namespace
}  // namespace rxpath
