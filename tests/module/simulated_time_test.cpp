// The model's time and SystemC's: picoseconds, or nothing runs.
#include "models/softirq/simulated_time.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace rxpath {
namespace {

TEST(simulated_time, IsTheSameNumberInSystemC) {
    count_in_picoseconds();
    EXPECT_EQ(to_sc_time(nanoseconds(3)), sc_core::sc_time(3, sc_core::SC_NS));
    EXPECT_EQ(to_picoseconds(sc_core::sc_time(5, sc_core::SC_US)), microseconds(5));
    simulate(nanoseconds(7));
    EXPECT_EQ(simulated_now(), nanoseconds(7));
}

TEST(simulated_time, AnotherResolutionIsAnError) {
    sc_core::sc_set_time_resolution(10, sc_core::SC_PS);
    EXPECT_NONFATAL_FAILURE(EXPECT_THROW(count_in_picoseconds(), sc_core::sc_report), "not one picosecond");
}

}  // namespace
}  // namespace rxpath
