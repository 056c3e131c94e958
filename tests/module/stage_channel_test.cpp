// The channel between two stages: one token at a time, at its time.
#include "models/softirq/stage_channel.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "simulated_host.h"

namespace rxpath {
namespace {

class stage_channel_test : public testing::Test {
protected:
    stage_channel& channel(timing_mode timing) {
        m_channel = std::make_unique<stage_channel>("channel", m_core, m_dispatcher, timing);
        return *m_channel;
    }

    core m_core{"core", one_gigahertz()};
    fast_dispatcher m_dispatcher;
    receive_token m_token;

private:
    std::unique_ptr<stage_channel> m_channel;
};

TEST_F(stage_channel_test, ExactTokenArrivesAfterTheCyclesOfItsSender) {
    auto& exact = channel(timing_mode::exact);
    std::vector<picoseconds> arrivals;
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    options.set_sensitivity(&exact.default_event());
    sc_core::sc_spawn(
        [&] {
            EXPECT_EQ(&exact.take(), &m_token);
            arrivals.push_back(simulated_now());
        },
        "stage", &options);
    exact.hand_over(m_token, {700});
    simulate(microseconds(2));
    EXPECT_EQ(arrivals, std::vector{nanoseconds(700)});
    EXPECT_EQ(m_core.local_offset(), sc_core::SC_ZERO_TIME);
}

TEST_F(stage_channel_test, FastTokenArrivesInTurnAndTheCoreIsAheadByItsCycles) {
    auto& fast = channel(timing_mode::fast);
    int served = 0;
    fast.when_handed_over([&] {
        ++served;
        EXPECT_EQ(&fast.take(), &m_token);
    });
    fast.hand_over(m_token, {700});
    EXPECT_EQ(served, 0);
    m_dispatcher.run();
    EXPECT_EQ(served, 1);
    EXPECT_EQ(m_core.now(), nanoseconds(700));
}

// The report fails the test and is thrown, as it would be in a simulation.
TEST_F(stage_channel_test, TokenThatNobodyHasTakenIsNotOverwritten) {
    auto& fast = channel(timing_mode::fast);
    fast.hand_over(m_token, {});
    receive_token second;
    EXPECT_NONFATAL_FAILURE(EXPECT_THROW(fast.hand_over(second, {}), sc_core::sc_report), "is overwritten");
    EXPECT_EQ(&fast.take(), &m_token);
}

TEST_F(stage_channel_test, TokenIsTakenOnce) {
    auto& fast = channel(timing_mode::fast);
    fast.hand_over(m_token, {});
    fast.take();
    EXPECT_NONFATAL_FAILURE(EXPECT_THROW(fast.take(), sc_core::sc_report), "no token");
}

}  // namespace
}  // namespace rxpath
