// trace_costs: a call costs its base and each step as often as it was taken.
#include "models/cpu/trace_costs.h"

#include <gtest/gtest.h>

#include "models/base/kernel_functions/ip.h"

namespace rxpath {
namespace {

class trace_costs_test : public testing::Test {
protected:
    std::int64_t base(function_number function) const { return m_profile.base(function).instructions; }
    std::int64_t step(path::ip_list_rcv::step taken) const {
        return m_profile.step(fn::ip_list_rcv, taken).instructions;
    }

    const cost_profile& m_profile = cost_profile::built_in();
    trace_costs m_costs{m_profile};
    call_trace m_trace;
};

TEST_F(trace_costs_test, CallHasItsBaseAndItsStepsWithoutItsCallees) {
    const auto list = m_trace.enter(fn::ip_list_rcv);
    m_trace.took(list, path::ip_list_rcv::packet, 3);
    m_trace.leaf(fn::ip_rcv_core);
    m_trace.took(list, path::ip_list_rcv::kept);
    const auto& amounts = m_costs.of_calls(m_trace);
    ASSERT_EQ(amounts.size(), 2u);
    EXPECT_EQ(amounts[0].instructions,
              base(fn::ip_list_rcv) + 3 * step(path::ip_list_rcv::packet) + step(path::ip_list_rcv::kept));
    EXPECT_EQ(amounts[1].instructions, base(fn::ip_rcv_core));
    EXPECT_EQ(amounts[1].loads, m_profile.base(fn::ip_rcv_core).loads);
}

TEST_F(trace_costs_test, WhatIsNewIsVisitedOnce) {
    std::int64_t all = 0;
    const auto look = [&] {
        const auto add = [&](std::size_t /*call*/, const call_amounts& more) { all += more.instructions; };
        m_costs.visit_new(m_trace, add, add);
    };
    const auto list = m_trace.enter(fn::ip_list_rcv);
    look();
    look();
    EXPECT_EQ(all, base(fn::ip_list_rcv));
    m_trace.took(list, path::ip_list_rcv::packet);
    look();
    EXPECT_EQ(all, base(fn::ip_list_rcv) + step(path::ip_list_rcv::packet));
}

}  // namespace
}  // namespace rxpath
