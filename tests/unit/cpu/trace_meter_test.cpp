// trace_meter: a call costs its base and its steps, and a stage the cycles of what was recorded since the last look.
#include "models/cpu/trace_meter.h"

#include <gtest/gtest.h>

#include <memory>
#include <numeric>

#include <fmt/format.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/memory_objects.h"

namespace rxpath {
namespace {

// All functions free, but for the rows of these tests.
kernel_profile make_profile() {
    std::string text;
    for (const auto number : all_functions()) {
        const auto& function = describe(number);
        if (function.name != "ip_list_rcv") text += fmt::format("{},,0,0,0,assumed\n", function.name);
        for (std::size_t step = 0; step < function.step_count(); ++step)
            if (function.name != "ip_list_rcv")
                text += fmt::format("{},{},0,0,0,assumed\n", function.name, function.step_name(step));
    }
    text +=
        "ip_list_rcv,,10,4,3,assumed\n"
        "ip_list_rcv,packet,5,2,1,assumed\n"
        "ip_list_rcv,kept,-3,-1,0,assumed\n"
        "ip_list_rcv,sublist_begun,0,0,0,assumed\n"
        "ip_list_rcv,sublist_dispatched,0,0,0,assumed\n";
    const std::string helper = "\n__rcu_read_lock,,0,0,0,assumed";
    text.replace(text.find(helper), helper.size(), "\n__rcu_read_lock,,6,1,1,assumed");
    kernel_profile profile;
    profile.costs = cost_profile::parse(text, "test");
    return profile;
}

class trace_meter_work : public testing::Test {
protected:
    // Returns are predicted, and nothing waits for memory.
    trace_meter_work() {
        m_spec.mitigations = false;
        m_spec.numbers = {{"exposed_fetch", 0}, {"cold_mispredictions", 0}, {"exposed_load", 0}, {"exposed_store", 0}};
        take_per_instruction(1);
    }

    void take_per_instruction(double cycles) { m_spec.numbers["base_cycles_per_instruction"] = cycles; }

    work price() { return make_meter().price_new(m_trace, *m_functions); }
    trace_meter make_meter() { return {m_profile, m_spec, m_memory}; }

    const kernel_profile m_profile = make_profile();
    cpu_spec m_spec;
    memory_hierarchy m_memory{preset_of(m_spec), 1};
    call_trace m_trace;
    const std::unique_ptr<function_totals> m_functions = std::make_unique<function_totals>();
};

namespace step = path::ip_list_rcv;

TEST_F(trace_meter_work, CallCostsItsBaseAndEachStepAsOftenAsItWasTaken) {
    kernel_call here{m_trace, fn::ip_list_rcv};
    here.took(step::packet, 3);
    const auto done = price();
    EXPECT_EQ(done.instructions, 10u + 3 * 5);
    EXPECT_EQ(done.loads, 4u + 3 * 2);
    EXPECT_EQ(done.stores, 3u + 3 * 1);
    EXPECT_EQ(done.core_cycles, 25u);
}

TEST_F(trace_meter_work, StepTakenNoTimesCostsNothing) {
    kernel_call here{m_trace, fn::ip_list_rcv};
    here.took(step::packet, 0);
    EXPECT_EQ(price().instructions, 10u);
}

TEST_F(trace_meter_work, NegativeStepTakesAway) {
    kernel_call here{m_trace, fn::ip_list_rcv};
    here.took(step::kept);
    EXPECT_EQ(price().instructions, 7u);
    EXPECT_EQ(price().loads, 3u);
}

TEST_F(trace_meter_work, HelpersCountForTheContextAndTakeCyclesToo) {
    m_trace.leaf(fn::__rcu_read_lock);
    const auto done = price();
    EXPECT_EQ(done.instructions, 0u);
    EXPECT_EQ(done.context_instructions, 6u);
    EXPECT_EQ(done.core_cycles, 6u);
}

TEST_F(trace_meter_work, CyclesAreRoundedToTheNearest) {
    m_trace.leaf(fn::ip_list_rcv);
    take_per_instruction(1.25);
    EXPECT_EQ(price().core_cycles, 13u);  // 12.5
    take_per_instruction(1.24);
    EXPECT_EQ(price().core_cycles, 12u);  // 12.4
}

TEST_F(trace_meter_work, OnlyWhatIsNewIsPriced) {
    auto meter = make_meter();
    const auto call = m_trace.enter(fn::ip_list_rcv);
    EXPECT_EQ(meter.price_new(m_trace, *m_functions).instructions, 10u);
    EXPECT_EQ(meter.price_new(m_trace, *m_functions).instructions, 0u);
    m_trace.took(call, step::packet);
    EXPECT_EQ(meter.price_new(m_trace, *m_functions).instructions, 5u);
    m_trace.clear();
    meter.restart();
    m_trace.leaf(fn::ip_list_rcv);
    EXPECT_EQ(meter.price_new(m_trace, *m_functions).instructions, 10u);
}

TEST_F(trace_meter_work, SaysWhereCodeAndDataWereFound) {
    const auto dram = static_cast<std::size_t>(memory_level::dram), l2 = static_cast<std::size_t>(memory_level::l2);
    auto meter = make_meter();
    m_trace.keep_objects(true);
    m_trace.works_on_number(memory_object::sk_buff, 0);
    m_trace.leaf(fn::ip_rcv_core);
    const auto first = meter.price_new(m_trace, *m_functions).found;
    EXPECT_GT(first.data[dram], 0u);
    EXPECT_EQ(first.code[l2], code_profile::built_in().of(fn::ip_rcv_core).lines);
    m_trace.leaf(fn::ip_rcv_core);
    const auto again = meter.price_new(m_trace, *m_functions).found;
    EXPECT_EQ(again.data[0], std::accumulate(first.data.begin(), first.data.end(), std::uint64_t{0}));
    EXPECT_EQ(again.code[l2], 0u);
}

// The step comes after its call was priced: together they are right, and no stage has negative time.
TEST_F(trace_meter_work, NegativeStepAloneTakesNoCyclesButAddsUp) {
    auto meter = make_meter();
    const auto call = m_trace.enter(fn::ip_list_rcv);
    auto sum = meter.price_new(m_trace, *m_functions);
    m_trace.took(call, step::kept);
    const auto second = meter.price_new(m_trace, *m_functions);
    EXPECT_EQ(second.core_cycles, 0u);
    sum += second;
    EXPECT_EQ(sum.instructions, 7u);
}

TEST_F(trace_meter_work, FunctionsGetTheirOwnShare) {
    for (int i = 0; i < 2; ++i) {
        kernel_call here{m_trace, fn::ip_list_rcv};
        here.took(step::packet);
        m_trace.leaf(fn::__rcu_read_lock);
    }
    price();
    const auto& total = (*m_functions)[static_cast<std::size_t>(fn::ip_list_rcv)];
    EXPECT_EQ(total.calls, 2u);
    EXPECT_EQ(total.instructions, 30);
    EXPECT_EQ((*m_functions)[static_cast<std::size_t>(fn::__rcu_read_lock)].instructions, 12);
}

}  // namespace
}  // namespace rxpath
