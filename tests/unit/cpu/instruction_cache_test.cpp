#include "models/cpu/instruction_cache.h"

#include <gtest/gtest.h>

#include "models/base/kernel_functions/ip.h"

namespace rxpath {
namespace {

constexpr auto a = fn::ip_rcv_core, b = fn::ip_rcv_finish_core, c = fn::ip_local_deliver;

class Instructions : public testing::Test {
protected:
    instruction_cache m_cache{64 * 10};  // ten lines
};

TEST_F(Instructions, AreFetchedOnce) {
    EXPECT_EQ(m_cache.call(a, 4), 4u);
    EXPECT_EQ(m_cache.call(a, 4), 0u);
}

TEST_F(Instructions, StayWhileAllFit) {
    m_cache.call(a, 4), m_cache.call(b, 6);
    EXPECT_EQ(m_cache.call(a, 4), 0u);
    EXPECT_EQ(m_cache.call(b, 6), 0u);
}

TEST_F(Instructions, LeaveOnceAsManyLinesCameAfterTheirLastCallAsTheCacheHas) {
    m_cache.call(a, 4), m_cache.call(b, 5), m_cache.call(c, 5);
    EXPECT_EQ(m_cache.call(c, 5), 0u);
    EXPECT_EQ(m_cache.call(a, 4), 4u);
}

TEST_F(Instructions, StayWhenTheyAreCalledAgainInTime) {
    m_cache.call(a, 4), m_cache.call(b, 5), m_cache.call(a, 4), m_cache.call(c, 5);
    EXPECT_EQ(m_cache.call(a, 4), 0u);
}

TEST_F(Instructions, OfALoopLargerThanTheCacheAreFetchedInEachRound) {
    for (int round = 0; round < 3; ++round)
        for (const auto function : {a, b, c}) EXPECT_EQ(m_cache.call(function, 5), 5u);
}

TEST_F(Instructions, AreGoneWhenOtherCodeRan) {
    m_cache.call(a, 4);
    m_cache.clear();
    EXPECT_EQ(m_cache.call(a, 4), 4u);
    EXPECT_EQ(m_cache.call(a, 4), 0u);
}

}  // namespace
}  // namespace rxpath
