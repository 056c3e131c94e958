// cost_profile: what a profile file may say, and that the built-in one prices everything.
#include "models/cpu/cost_profile.h"

#include <gmock/gmock.h>

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "models/base/kernel_functions/ip.h"
#include "models/cpu/built_in_profile.h"

namespace rxpath {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string refusal(std::string_view csv) {
    try {
        cost_profile::parse(csv, "my.csv");
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "accepted";
}

constexpr std::string_view header = "function,step,instructions,loads,stores,source\n";

std::string with_header(std::string_view lines) { return std::string{header} + std::string{lines}; }

TEST(cost_profile, UnknownFunctionIsNamedWithFileAndLine) {
    EXPECT_THAT(refusal(with_header("# a comment\ntcp_v5_rcv,,1,1,1,assumed\n")),
                AllOf(StartsWith("my.csv:3: "), HasSubstr("'tcp_v5_rcv'")));
}

TEST(cost_profile, UnknownStepIsNamedWithThoseThatAreAllowed) {
    EXPECT_THAT(refusal(with_header("ip_rcv,kept,1,1,1,assumed\n")),
                AllOf(StartsWith("my.csv:2: "), HasSubstr("'kept' of ip_rcv"),
                      HasSubstr("allowed: " + std::string{describe(fn::ip_rcv).steps})));
}

TEST(cost_profile, BadNumberIsNamed) {
    EXPECT_THAT(refusal(with_header("ip_rcv,,1,2x,1,assumed\n")), AllOf(StartsWith("my.csv:2: "), HasSubstr("'2x'")));
    EXPECT_THAT(refusal(with_header("ip_rcv,,1.5,2,1,assumed\n")), HasSubstr("'1.5'"));
    EXPECT_THAT(refusal(with_header("ip_rcv,,,2,1,assumed\n")), HasSubstr("found ''"));
    EXPECT_THAT(refusal(with_header("ip_rcv,,99999999999,2,1,assumed\n")), HasSubstr("'99999999999'"));
}

TEST(cost_profile, BaseBelowZeroIsNamed) {
    EXPECT_THAT(refusal(with_header("ip_rcv,,1,-2,1,assumed\n")),
                AllOf(StartsWith("my.csv:2: "), HasSubstr("'-2', allowed: a whole number, 0 to 1000000")));
    EXPECT_THAT(refusal(with_header("ip_rcv,,1000001,2,1,assumed\n")), HasSubstr("'1000001'"));
}

// What a call that takes the step comes to.
TEST(cost_profile, StepThatTakesMoreThanItsBaseHasIsNamed) {
    const std::string text = built_in_profile;
    const auto at = text.find("\nip_rcv,dropped,") + 1;
    const auto with_instructions = [&](int instructions) {
        auto changed = text;
        changed.replace(at, changed.find('\n', at) - at, fmt::format("ip_rcv,dropped,{},0,0,assumed", instructions));
        return refusal(changed);
    };
    const auto base = cost_profile::built_in().base(fn::ip_rcv).instructions;
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    EXPECT_EQ(with_instructions(-base), "accepted");
    EXPECT_EQ(with_instructions(-base - 1),
              fmt::format("my.csv:{}: ip_rcv with step 'dropped' comes to -1, allowed: 0 or more", line));
}

TEST(cost_profile, RowWithoutAKnownSourceIsRefused) {
    EXPECT_THAT(refusal(with_header("ip_rcv,,1,2,1,guessed\n")),
                AllOf(StartsWith("my.csv:2: "), HasSubstr("'guessed'")));
    EXPECT_THAT(refusal(with_header("ip_rcv,,1,2\n")), StartsWith("my.csv:2: "));
}

TEST(cost_profile, DoubledRowIsNamed) {
    EXPECT_THAT(refusal(with_header("ip_rcv,,1,1,1,assumed\nip_rcv,,1,1,1,assumed\n")),
                AllOf(StartsWith("my.csv:3: "), HasSubstr("ip_rcv"), HasSubstr("twice")));
}

TEST(cost_profile, MissingRowIsNamed) {
    std::string text = built_in_profile;
    const auto at = text.find("\nip_rcv,dropped,");
    ASSERT_NE(at, std::string::npos);
    text.erase(at, text.find('\n', at + 1) - at);
    EXPECT_THAT(refusal(text), AllOf(StartsWith("my.csv: "),
                                     HasSubstr(fmt::format("ip_rcv has {} rows", describe(fn::ip_rcv).step_count())),
                                     HasSubstr("dropped")));
}

TEST(cost_profile, EmptyFilePricesNothingAndIsRefused) { EXPECT_THAT(refusal(""), HasSubstr("has 0 rows")); }

TEST(cost_profile, RowsAreFoundUnderTheirFunctionAndStep) {
    std::string text = built_in_profile;
    const auto at = text.find("\nip_rcv,dropped,") + 1;
    text.replace(at, text.find('\n', at) - at, "ip_rcv,dropped,-7,8,9,assumed, with a comma");
    const auto profile = cost_profile::parse(text, "my.csv");
    const auto& step = profile.step(fn::ip_rcv, path::ip_rcv::dropped);
    EXPECT_EQ(step.instructions, -7);
    EXPECT_EQ(step.loads, 8);
    EXPECT_EQ(step.stores, 9);
    EXPECT_EQ(profile.base(fn::ip_rcv).instructions, cost_profile::built_in().base(fn::ip_rcv).instructions);
}

TEST(cost_profile, FactorChangesAssumedRowsOnly) {
    std::string text = built_in_profile;
    const auto at = text.find("\nip_rcv,dropped,") + 1;
    text.replace(at, text.find('\n', at) - at, "ip_rcv,dropped,-7,8,9,assumed");
    const auto profile = cost_profile::parse(text, "my.csv"), changed = profile.with_assumed_times(3);
    EXPECT_EQ(changed.step(fn::ip_rcv, path::ip_rcv::dropped).instructions, -21);
    EXPECT_EQ(changed.step(fn::ip_rcv, path::ip_rcv::dropped).loads, 24);
    EXPECT_EQ(changed.base(fn::ip_rcv).instructions, profile.base(fn::ip_rcv).instructions);  // measured
}

// A function that runs executes something: at the least it returns.
TEST(cost_profile, EveryReceiveFunctionOfTheBuiltInOneHasAPositiveBase) {
    for (const auto function : all_functions()) {
        if (describe(function).kind != function_kind::receive) continue;
        EXPECT_GT(cost_profile::built_in().base(function).instructions, 0) << describe(function).name;
        EXPECT_GE(cost_profile::built_in().base(function).loads, 0) << describe(function).name;
        EXPECT_GE(cost_profile::built_in().base(function).stores, 0) << describe(function).name;
    }
}

}  // namespace
}  // namespace rxpath
