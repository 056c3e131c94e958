// A carrier that is lost reaches the routes at once or up to a second later; one that returns at once.
#include "models/routing/linkwatch.h"

#include "routing_fixture.h"

namespace rxpath {
namespace {

class linkwatch_test : public routing_fixture {
protected:
    void set_carrier(bool carrier, picoseconds now) { m_routing.set_carrier(device("nic0"), carrier, now); }
    bool sends() { return device("nic0").qdisc_active; }
};

TEST_F(linkwatch_test, FirstLossIsHeardOfAtOnce) {
    const auto before = m_routing.rt_genid();
    set_carrier(false, m_time);
    EXPECT_FALSE(sends());
    EXPECT_NE(m_routing.rt_genid(), before);
}

TEST_F(linkwatch_test, SecondLossWithinASecondIsHeardOfWhenItIsOver) {
    set_carrier(false, m_time);
    set_carrier(true, m_time + milliseconds(100));
    set_carrier(false, m_time + milliseconds(200));
    const auto before = m_routing.rt_genid();
    EXPECT_FALSE(device("nic0").carrier);
    EXPECT_TRUE(sends());  // nobody knows yet
    m_routing.run_timers(m_time + milliseconds(996));
    EXPECT_TRUE(sends());
    m_routing.run_timers(m_time + milliseconds(1000));
    EXPECT_FALSE(sends());
    EXPECT_NE(m_routing.rt_genid(), before);
}

TEST_F(linkwatch_test, ReturnOfADeviceThatStoodStillIsHeardOfAtOnce) {
    set_carrier(false, m_time);
    set_carrier(true, m_time + milliseconds(100));
    EXPECT_TRUE(sends());
}

TEST_F(linkwatch_test, LossAndReturnThatNobodyHeardOfLeaveNoTraceButANewGeneration) {
    set_carrier(false, m_time);
    set_carrier(true, m_time + milliseconds(100));
    set_carrier(false, m_time + milliseconds(200));
    set_carrier(true, m_time + milliseconds(300));
    EXPECT_TRUE(sends());
    const auto before = m_routing.rt_genid();
    m_routing.run_timers(m_time + milliseconds(1000));
    EXPECT_TRUE(sends());
    EXPECT_EQ(m_routing.rt_genid(), before + 1);
}

}  // namespace
}  // namespace rxpath
