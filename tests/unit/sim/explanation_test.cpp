#include "sim/report/explanation.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sim/report/glossary.h"
#include "sim/report/walk_difference.h"
#include "sim/support/text.h"

namespace rxpath {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

walk_call make_call(const std::string& function, std::uint64_t depth, std::int64_t instructions) {
    walk_call call;
    call.function = function;
    call.depth = depth;
    call.stage = "early_demux";
    call.instructions = call.with_callees = instructions;
    call.cycles = static_cast<double>(instructions) / 2;
    return call;
}

// tcp_v4_early_demux() with its lookup: 75 and 96 instructions, 85.5 cycles, and 1,000 of the interrupt.
packet_walk make_walk() {
    packet_walk walk;
    walk.packet = 3;
    walk.outcome = "delivered";
    walk.early_demux = "dst_reused";
    walk.dst_from = "early_demux";
    walk.arrived_on = "nic0";
    walk.arrival_ns = 1000;
    walk.to_socket_ns = 2000;
    walk.instructions = 171;
    walk.cycles = 1086;
    auto& part = walk.parts.emplace_back();
    part.calls = {make_call("tcp_v4_early_demux", 0, 75), make_call("__inet_lookup_established", 1, 96)};
    part.calls[0].with_callees = 171;
    part.calls[0].steps = {{"lookup", 1}, {"address_check", 4}};
    part.calls[1].reasons = {"no socket of 10.0.0.2:40000"};
    part.cycles = 86;
    walk.fixed = {{"interrupt", 1000, 1, 1000}};
    return walk;
}

const text_layout plain{{}, 100};

TEST(Explanation, CallHasItsCostsItsStepsAndItsCalleesCosts) {
    const auto text = explanation_calls(make_walk(), plain);
    EXPECT_THAT(text, HasSubstr("     75     171     37.5        tcp_v4_early_demux: lookup, address_check x4\n"));
    EXPECT_THAT(text, HasSubstr("     96      96     48.0         __inet_lookup_established\n"));
}

TEST(Explanation, ReasonStandsBelowItsCall) {
    EXPECT_THAT(explanation_calls(make_walk(), plain),
                HasSubstr("__inet_lookup_established\n" + std::string(35, ' ') + "> no socket of 10.0.0.2:40000\n"));
}

TEST(Explanation, ShareIsMarkedWithThoseThatShareIt) {
    auto walk = make_walk();
    walk.parts[0].calls[0].packets = 8;
    EXPECT_THAT(explanation_calls(walk, plain), HasSubstr(" 37.5   1/8  tcp_v4_early_demux"));
}

TEST(Explanation, CallOfAnotherPacketHasNoCostsOfItsOwn) {
    auto walk = make_walk();
    walk.parts[0].calls[0].packets = 0;
    walk.parts[0].calls[0].packet = 8;
    const auto text = explanation_calls(walk, plain);
    EXPECT_THAT(text, HasSubstr("tcp_v4_early_demux: packet 8's, leads here\n"));
    EXPECT_THAT(text, Not(HasSubstr("37.5")));
}

TEST(Explanation, WhatIsLeftOutIsCounted) {
    auto walk = make_walk();
    walk.parts[0].others = 63;
    walk.parts[0].others_calls = 5312;
    EXPECT_THAT(explanation_calls(walk, plain),
                HasSubstr("left out: 5,312 calls of 63 other packets of this softirq\n"));
}

TEST(Explanation, SumIsTheHeaders) {
    const auto text = explanation_calls(make_walk(), plain);
    EXPECT_THAT(text, HasSubstr("    171     171    1,086        packet 3, as above"));
    EXPECT_THAT(text, HasSubstr("+0.5        whole cycles"));
    EXPECT_THAT(explanation_header(make_walk(), plain), HasSubstr("171 instructions"));
}

TEST(Explanation, HeaderHasDecisionsAndLatencies) {
    const auto text = explanation_header(make_walk(), plain);
    EXPECT_THAT(text, HasSubstr("packet 3: delivered"));
    EXPECT_THAT(text, HasSubstr("arrived on nic0 at 1,000 ns\non its socket after 2,000 ns\n"));
    EXPECT_THAT(text, HasSubstr("early demux: dst_reused; dst from: early_demux"));
    EXPECT_THAT(text, Not(HasSubstr("left by")));
}

TEST(Explanation, HeaderSaysWhereAForwardedPacketWent) {
    auto walk = make_walk();
    walk.left_by = "nic1";
    walk.next_hop = "10.0.1.2";
    EXPECT_THAT(explanation_header(walk, plain), HasSubstr("left by nic1, next hop 10.0.1.2\n"));
}

TEST(Explanation, NoLineIsLongerThanTheTerminalIsWide) {
    auto walk = make_walk();
    auto& call = walk.parts[0].calls[1];
    call.depth = 19;
    call.reasons = {
        std::string("because of one, and of another, and of a third, and of many more that follow, and so on")};
    for (int i = 0; i < 20; ++i) call.steps.push_back({"address_check", 1});
    for (const std::size_t width : {80, 120}) {
        auto lines = split(explanation_text(walk, {{}, width}), '\n');
        EXPECT_THAT(lines, Each(SizeIs(testing::Le(width))));
    }
}

TEST(Explanation, WalkComesBackFromItsJson) {
    const auto walk = make_walk();
    EXPECT_EQ(to_json(packet_walk_of(to_json(walk))), to_json(walk));
    EXPECT_EQ(to_json(walk).at("left_by"), nullptr);
    EXPECT_EQ(to_json(walk).at("parts")[0].at("calls")[0].at("instructions_with_callees"), 171);
}

TEST(Glossary, WordsAreExplainedInTheOrderInWhichTheyStand) {
    const auto text = glossary_of("a softirq, a dst and a softirq", 100);
    EXPECT_LT(text.find("softirq: "), text.find("dst: "));
    EXPECT_EQ(glossary_of("nothing of the kind", 100), "");
}

TEST(WalkDifference, CallsOfOneWalkAloneAreMarked) {
    auto one = make_walk(), other = make_walk();
    one.parts[0].calls.push_back(make_call("skipped", 1, 5));
    other.parts[0].calls.insert(other.parts[0].calls.begin() + 1, make_call("added", 1, 7));
    std::string marks;
    for (const auto& each : align(one, other)) marks += each.mark();
    EXPECT_EQ(marks, " + -");
}

TEST(WalkDifference, SameCallWithOtherStepsIsMarkedAndNamesThem) {
    auto other = make_walk();
    other.parts[0].calls[0].steps = {{"lookup", 1}, {"address_check", 2}, {"dst_attached", 1}};
    other.parts[0].calls[0].instructions += 4;
    const auto text = difference_text({make_walk(), other, "a", "b"}, plain);
    EXPECT_THAT(text, HasSubstr("~      75      79"));
    EXPECT_THAT(text, HasSubstr("tcp_v4_early_demux: -address_check x2 +dst_attached\n"));
    EXPECT_THAT(text, HasSubstr("1 call alike"));
}

// __rcu_read_lock() below one function is another call than below another.
TEST(WalkDifference, CallsOfOtherCallersAreNoPair) {
    auto one = make_walk(), other = make_walk();
    one.parts[0].calls = {make_call("net_rx_action", 0, 1), make_call("a", 1, 1), make_call("__rcu_read_lock", 2, 1)};
    other.parts[0].calls = {make_call("net_rx_action", 0, 1), make_call("b", 1, 1), make_call("__rcu_read_lock", 2, 1)};
    std::string marks;
    for (const auto& each : align(one, other)) marks += each.mark();
    EXPECT_EQ(marks, " --++");
}

TEST(WalkDifference, StagesAddUpToTheDifference) {
    auto other = make_walk();
    other.parts[0].calls.push_back(make_call("added", 1, 10));
    other.parts[0].calls.back().stage = "routing";
    other.instructions += 10;
    other.cycles += 5;
    const auto text = difference_text({make_walk(), other, "a", "b"}, plain);
    EXPECT_THAT(text, testing::ContainsRegex("routing +0 +10 +[+]10"));
    EXPECT_THAT(text, testing::ContainsRegex("all +171 +181 +[+]10 +1,086 +1,091 +[+]5"));
}

}  // namespace
}  // namespace rxpath
