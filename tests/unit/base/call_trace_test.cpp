#include "models/base/call_trace.h"

#include <gtest/gtest.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/napi.h"
#include "models/base/memory_objects.h"

namespace rxpath {
namespace {

TEST(CallTrace, CallsNest) {
    call_trace trace;
    {
        kernel_call outer{trace, fn::ip_list_rcv};
        kernel_call inner{trace, fn::ip_rcv_core};
        trace.leaf(fn::__rcu_read_lock);
    }
    ASSERT_EQ(trace.calls().size(), 3u);
    EXPECT_EQ(trace.calls()[0].depth, 0);
    EXPECT_EQ(trace.calls()[1].depth, 1);
    EXPECT_EQ(trace.calls()[2].depth, 2);
    EXPECT_TRUE(trace.complete());
}

TEST(CallTrace, StepBelongsToItsCallAlsoAfterOthers) {
    call_trace trace;
    kernel_call outer{trace, fn::ip_rcv_core};
    { kernel_call inner{trace, fn::csum_partial}; }
    outer.took(path::ip_rcv_core::trimmed);
    ASSERT_EQ(trace.steps().size(), 1u);
    EXPECT_EQ(trace.steps()[0].call, 0u);
}

TEST(CallTrace, ObjectThatIsInWorkAlreadyIsNotNamedAgain) {
    call_trace trace;
    trace.keep_objects(true);
    for (const heap_address address : {0x1000, 0x1000, 0x2000, 0x1000}) trace.works_on(memory_object::sock, address);
    EXPECT_EQ(trace.objects().size(), 3u);
    trace.clear();
    trace.works_on(memory_object::sock, 0x1000);
    EXPECT_EQ(trace.objects().size(), 1u);
}

TEST(CallTrace, ReasonsAreMadeOnlyWhenKept) {
    call_trace trace;
    kernel_call here{trace, fn::ip_rcv_core};
    int made = 0;
    const auto text = [&made] { return ++made, std::string{"why"}; };
    trace.reason(text);
    EXPECT_EQ(made, 0);
    trace.keep_reasons(true);
    trace.reason(text);
    EXPECT_EQ(made, 1);
    EXPECT_EQ(trace.reasons().at(0).text, "why");
}

TEST(KernelFunction, StepsHaveTheNamesOfTheirList) {
    const auto& function = describe(fn::csum_partial);
    EXPECT_EQ(function.name, "csum_partial");
    EXPECT_EQ(function.step_count(), 8u);
    EXPECT_EQ(function.step_name(path::csum_partial::odd_bytes), "odd_bytes");
    EXPECT_EQ(function.step_name(8), "");
    EXPECT_EQ(describe(fn::skb_checksum).step_count(), 0u);
}

}  // namespace
}  // namespace rxpath
