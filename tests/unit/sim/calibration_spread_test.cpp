// spread_of_calibration: how sure a prediction can be at most.
#include "sim/hardware/calibration_spread.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

// The base's six runs in sim/hardware/measurements/native.csv saved 747 to 1,195 core cycles, 989 in the median.
TEST(CalibrationSpread, IsThatOfTheBaseByItsMedian) {
    const auto spread = spread_of_calibration("zen3");
    ASSERT_TRUE(spread);
    EXPECT_EQ(spread->runs, 6u);
    EXPECT_NEAR(spread->least, 747.0 / 989, 1e-3);
    EXPECT_NEAR(spread->most, 1195.0 / 989, 1e-3);
}

TEST(CalibrationSpread, RangeOfALossAscendsToo) {
    const calibration_spread spread{6, 0.5, 2};
    EXPECT_EQ(spread.around(10), std::pair(5.0, 20.0));
    EXPECT_EQ(spread.around(-10), std::pair(-20.0, -5.0));
}

TEST(CalibrationSpread, OfACpuThatNobodyMeasuredThereIsNone) { EXPECT_FALSE(spread_of_calibration("icelake-server")); }

}  // namespace
}  // namespace rxpath
