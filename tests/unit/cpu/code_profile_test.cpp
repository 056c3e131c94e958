#include "models/cpu/code_profile.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <string>

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

// All functions have one line of code and return once, but for those of these tests.
std::string rows(std::string_view ip_rcv_core, std::string_view others = ",1,1,0,assumed") {
    std::string csv = "function,lines,returns,indirect_calls,source\n";
    for (const auto function : all_functions()) {
        const auto name = describe(function).name;
        csv += fmt::format("{}{}\n", name, name == "ip_rcv_core" ? ip_rcv_core : others);
    }
    return csv;
}

std::string refusal(const std::string& csv) {
    try {
        code_profile::parse(csv, "code");
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

TEST(code_profile, FunctionHasItsLinesReturnsAndIndirectCalls) {
    const auto profile = code_profile::parse(rows(",7,2,3,measured: x"), "code");
    EXPECT_EQ(profile.of(fn::ip_rcv_core).lines, 7u);
    EXPECT_EQ(profile.of(fn::ip_rcv_core).returns, 2u);
    EXPECT_EQ(profile.of(fn::ip_rcv_core).indirect_calls, 3u);
}

TEST(code_profile, FunctionsLieOneBehindTheOther) {
    const auto profile = code_profile::parse(rows(",7,2,3,measured: x"), "code");
    const auto& functions = all_functions();
    for (std::size_t i = 1; i < functions.size(); ++i) {
        const auto &before = profile.of(functions[i - 1]), &next = profile.of(functions[i]);
        EXPECT_EQ(next.first_line, before.first_line + before.lines);
    }
}

TEST(code_profile, RefusesWhatIsWrongAndSaysWhere) {
    EXPECT_NE(refusal(rows(",seven,2,3,measured: x")).find("found 'seven'"), std::string::npos);
    EXPECT_NE(refusal(rows(",7,2,3,rumour")).find("found source 'rumour'"), std::string::npos);
    EXPECT_NE(refusal("function,lines,returns,indirect_calls,source\nno_such,1,1,0,assumed\n").find("code:2"),
              std::string::npos);
    EXPECT_NE(refusal("ip_rcv_core,1,1,0,assumed\n"), "");  // the others have no row
    EXPECT_NE(refusal(rows(",7,2,3,measured: x") + "ip_rcv_core,1,1,0,assumed\n"), "");
}

// Both call what they call by name, and end in one ret.
TEST(code_profile, BuiltInProfileKnowsTheFunctionsOfAHit) {
    const auto& profile = code_profile::built_in();
    for (const auto function : {fn::tcp_v4_early_demux, fn::__inet_lookup_established}) {
        EXPECT_EQ(profile.of(function).returns, 1u);
        EXPECT_EQ(profile.of(function).indirect_calls, 0u);
        EXPECT_GT(profile.of(function).lines, 1u);
    }
}

}  // namespace
}  // namespace rxpath
