// softnet_data: which NAPI instances a net_rx_action() polls, and when it ends.
#include "models/napi/softnet_data.h"

#include "tests/unit/path_fixture.h"

#include "models/base/kernel_functions/napi.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class net_rx_action_polls : public path_fixture {
protected:
    static constexpr std::uint32_t weight = 4;
    static constexpr picoseconds now{1000};

    void interrupt(std::size_t instance, picoseconds at = {100}) { m_softnet.schedule(instance, at, true); }
    // One net_rx_action(), in which each instance finds so many packets a poll. The instances in the order of polls.
    std::vector<std::size_t> run(const std::vector<std::uint32_t>& packets) {
        std::vector<std::size_t> polled;
        m_softnet.splice(now);
        m_softnet.begin(m_context);
        while (const auto instance = m_softnet.next(m_context)) {
            polled.push_back(*instance);
            m_squeezed = m_softnet.polled(*instance, packets[*instance], packets[*instance] == weight);
            if (m_squeezed) break;
        }
        m_softnet.end(m_context, now);
        return polled;
    }

    softnet_data m_softnet{10};
    bool m_squeezed = false;
};

TEST_F(net_rx_action_polls, PollsAllThatIsScheduledInOrderOfTime) {
    interrupt(2, {300});
    interrupt(0, {200});
    interrupt(1, {100});
    EXPECT_THAT(run({1, 1, 1}), ElementsAre(1, 0, 2));
    EXPECT_FALSE(m_softnet.raised_since());
    EXPECT_EQ(calls_of(fn::net_rx_action), 1u);
    EXPECT_THAT(steps_of(fn::net_rx_action),
                ElementsAre(path::net_rx_action::another_poll, path::net_rx_action::another_poll));
}

TEST_F(net_rx_action_polls, InterruptsOfOnePicosecondAreTakenByNumber) {
    interrupt(1);
    interrupt(0);
    EXPECT_THAT(run({1, 1}), ElementsAre(0, 1));
}

TEST_F(net_rx_action_polls, InstanceThatUsedItsWeightIsPolledInTheNext) {
    interrupt(0);
    interrupt(1);
    EXPECT_THAT(run({weight, 1}), ElementsAre(0, 1));
    EXPECT_THAT(run({1, 1}), ElementsAre(0));
    EXPECT_FALSE(m_squeezed);
}

// Budget 10: after weights of 4, 4 and 4 it is used up, and the fourth waits.
TEST_F(net_rx_action_polls, BudgetEndsItAndTheRestComesFirstInTheNext) {
    for (std::size_t instance = 0; instance < 4; ++instance) interrupt(instance);
    EXPECT_THAT(run({4, 4, 4, 1}), ElementsAre(0, 1, 2));
    EXPECT_TRUE(m_squeezed);
    EXPECT_THAT(run({1, 1, 1, 1}), ElementsAre(3, 0, 1, 2));
    EXPECT_FALSE(m_squeezed);
}

TEST_F(net_rx_action_polls, GoesOnWithWhatCameMeanwhileUnlessSomethingUsedItsWeight) {
    interrupt(0);
    m_softnet.splice(now);
    m_softnet.begin(m_context);
    m_softnet.next(m_context);
    interrupt(1, {500});
    m_softnet.polled(0, 1, false);
    EXPECT_TRUE(m_softnet.goes_on(now));
    EXPECT_FALSE(m_softnet.goes_on({500}));  // in the same picosecond: not seen yet
    m_softnet.polled(0, weight, true);
    EXPECT_FALSE(m_softnet.goes_on(now));
}

TEST_F(net_rx_action_polls, CountsHardInterruptsOnly) {
    interrupt(0);
    m_softnet.schedule(1, {100}, false);
    EXPECT_EQ(m_softnet.splice(now), 1u);
}

TEST_F(net_rx_action_polls, InterruptAtTheEndComesAfterWhatIsLeft) {
    interrupt(1);
    m_softnet.splice(now);
    m_softnet.begin(m_context);
    m_softnet.next(m_context);
    interrupt(0, now);
    m_softnet.polled(1, weight, true);
    m_softnet.end(m_context, now);
    EXPECT_THAT(run({1, 1}), ElementsAre(1, 0));
}

}  // namespace
}  // namespace rxpath
