// core: who has it when. A cycle is a nanosecond here.
#include "models/softirq/core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "simulated_host.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

class core_time : public testing::Test {
protected:
    static void run_for(picoseconds time) { simulate(time); }
    // A task that notes when it is done.
    void submit(std::uint64_t length) {
        m_core.submit(task_source::application, {length}, [this] { m_done.push_back(m_core.now()); });
    }
    // The softirq takes the core at a time, as an event of its own.
    void interrupt_at(picoseconds time) {
        m_interrupt.notify(to_sc_time(time));
        sc_core::sc_spawn_options options;
        options.spawn_method();
        options.dont_initialize();
        options.set_sensitivity(&m_interrupt);
        sc_core::sc_spawn([this] { m_core.begin_softirq(); }, "interrupt", &options);
    }

    core m_core{"core", one_gigahertz()};
    sc_core::sc_event m_interrupt;
    std::vector<picoseconds> m_done;
};

TEST_F(core_time, TaskTakesItsCycles) {
    submit(1000);
    run_for(microseconds(10));
    EXPECT_THAT(m_done, ElementsAre(nanoseconds(1000)));
    EXPECT_EQ(m_core.busy(), nanoseconds(1000));
    EXPECT_TRUE(m_core.idle());
}

TEST_F(core_time, TasksRunFirstComeFirstServed) {
    submit(1000);
    submit(10);
    run_for(microseconds(10));
    EXPECT_THAT(m_done, ElementsAre(nanoseconds(1000), nanoseconds(1010)));
}

TEST_F(core_time, SoftirqPreemptsATaskThatGoesOnAfterwards) {
    submit(1000);
    run_for(nanoseconds(400));
    m_core.begin_softirq();
    run_for(nanoseconds(300));
    m_core.end_softirq();
    run_for(microseconds(10));
    EXPECT_THAT(m_done, ElementsAre(nanoseconds(1300)));
    EXPECT_EQ(m_core.busy(), nanoseconds(1300));
}

TEST_F(core_time, TaskSubmittedDuringTheSoftirqWaitsForItsEnd) {
    m_core.begin_softirq();
    submit(100);
    run_for(nanoseconds(500));
    EXPECT_TRUE(m_done.empty());
    m_core.end_softirq();
    run_for(microseconds(10));
    EXPECT_THAT(m_done, ElementsAre(nanoseconds(600)));
}

// Both events are at 1000 ns; which of them SystemC looks at first depends on the order of their notifications.
TEST_F(core_time, InterruptAtTheEndOfATaskComesFirstThoughNotifiedLater) {
    submit(1000);
    run_for({});
    interrupt_at(nanoseconds(1000));
    run_for(nanoseconds(1500));
    EXPECT_TRUE(m_done.empty());
    m_core.end_softirq();
    run_for(microseconds(10));
    EXPECT_THAT(m_done, ElementsAre(nanoseconds(1500)));
}

TEST_F(core_time, InterruptAtTheEndOfATaskComesFirstWhenNotifiedEarlier) {
    interrupt_at(nanoseconds(1000));
    run_for({});
    submit(1000);
    run_for(nanoseconds(1500));
    EXPECT_TRUE(m_done.empty());
    m_core.end_softirq();
    run_for(microseconds(10));
    EXPECT_THAT(m_done, ElementsAre(nanoseconds(1500)));
}

TEST_F(core_time, LocalTimeRunsAheadUntilSynchronised) {
    m_core.advance({250});
    EXPECT_EQ(m_core.now(), nanoseconds(250));
    m_core.synchronised();
    EXPECT_EQ(m_core.now(), picoseconds{});
}

// Fast timing: what the softirq asks for at its own time comes after what others asked for before that.
TEST_F(core_time, TasksAreServedByTheTimeOfTheirRequest) {
    std::vector<char> order;
    m_core.begin_softirq();
    m_core.advance({250});
    m_core.submit(task_source::wake_up, {}, [&] { order.push_back('s'); });
    m_core.submit(task_source::application, {}, [&] { order.push_back('a'); });
    m_core.synchronised();
    run_for(nanoseconds(250));
    m_core.end_softirq();
    run_for(microseconds(1));
    EXPECT_THAT(order, ElementsAre('a', 's'));
}

// Whoever SystemC calls first in a picosecond: the order of requests is that of their sources.
TEST_F(core_time, TasksOfOnePicosecondAreServedByTheirSource) {
    std::string order;
    const auto ask = [&](task_source source, char name) {
        m_core.submit(source, {10}, [&order, name] { order += name; });
    };
    ask(task_source::application, 'a');
    ask(task_source::timer, 't');
    ask(task_source::command, 'c');
    ask(task_source::wake_up, 'w');
    ask(task_source::recorded_host, 'r');
    ask(task_source::command, 'd');
    run_for(microseconds(1));
    EXPECT_EQ(order, "cdtrwa");
}

TEST_F(core_time, TaskThatHasBegunDoesNotGiveWay) {
    std::string order;
    m_core.submit(task_source::application, {10}, [&] { order += 'a'; });
    run_for(nanoseconds(1));
    m_core.submit(task_source::command, {10}, [&] { order += 'c'; });
    run_for(microseconds(1));
    EXPECT_EQ(order, "ac");
    EXPECT_EQ(m_core.busy(), nanoseconds(20));
}

}  // namespace
}  // namespace rxpath
