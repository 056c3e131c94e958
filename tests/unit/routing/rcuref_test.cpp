#include "models/routing/rcuref.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

TEST(Rcuref, BeginsWithOneReferenceEncodedAsZero) {
    const rcuref count;
    EXPECT_EQ(count.refcnt, 0u);
    EXPECT_EQ(count.read(), 1u);
}

TEST(Rcuref, OnlyTheLastPutSaysSo) {
    rcuref count;
    ASSERT_TRUE(count.get());
    EXPECT_EQ(count.read(), 2u);
    EXPECT_FALSE(count.put());
    EXPECT_TRUE(count.put());
    EXPECT_EQ(count.refcnt, rcuref::dead);
    EXPECT_EQ(count.read(), 0u);
}

TEST(Rcuref, DeadObjectCannotBeTakenAgain) {
    rcuref count;
    count.put();
    EXPECT_FALSE(count.get());
    EXPECT_EQ(count.refcnt, rcuref::dead);
}

TEST(Rcuref, OnePutTooManyStaysDead) {
    rcuref count;
    count.put();
    EXPECT_FALSE(count.put());
    EXPECT_EQ(count.refcnt, rcuref::dead);
}

TEST(Rcuref, TooManyReferencesSaturateInsteadOfWrapping) {
    rcuref count{rcuref::most_references};
    EXPECT_TRUE(count.get());
    EXPECT_EQ(count.refcnt, rcuref::saturated);
    EXPECT_FALSE(count.put());
    EXPECT_EQ(count.refcnt, rcuref::saturated);
}

}  // namespace
}  // namespace rxpath
