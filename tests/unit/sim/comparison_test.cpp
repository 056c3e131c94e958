#include "sim/study/comparison.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

json part(double instructions, double cycles) {
    return {{"instructions", instructions}, {"context_instructions", 0}, {"cycles", cycles}};
}

// So many packets, delivered alone in their polls, each with these costs; all in routing and in fib_table_lookup().
json fate_with(double packets, double cycles, double instructions) {
    auto stages = json::object();
    for (const auto* name : {"ip_receive", "early_demux", "routing", "ip_deliver", "socket_layer"})
        stages[name] = part(0, 0);
    stages["routing"] = part(instructions * packets, cycles * packets);
    auto causes = json::object();
    for (const auto* name : {"instructions", "calls", "code", "data"}) causes[name] = {{"cycles", 0}};
    causes["code"] = {{"cycles", cycles * packets}};
    return {{"outcome", "delivered"},
            {"reason", nullptr},
            {"place", "alone"},
            {"called", {"tcp_rcv_established"}},
            {"packets", packets},
            {"stages", stages},
            {"causes", causes},
            {"functions", {{"fib_table_lookup", part(instructions * packets, cycles * packets)}}}};
}

json result_with(double cycles, double instructions) {
    auto result = to_json(result_of({}, {}, 0));
    result["statistics"]["cycles_per_packet"] = cycles;
    result["statistics"]["ns_per_packet"] = cycles / 2;  // 2 GHz
    result["statistics"]["instructions_per_packet"] = instructions;
    result["fates"] = {fate_with(100, cycles, instructions)};
    return result;
}

scenario two_variants() {
    scenario from;
    from.variants = {{{{"net.ipv4.tcp_early_demux", "1"}}}, {{{"net.ipv4.tcp_early_demux", "0"}}}};
    return from;
}

TEST(Comparison, SavedIsTheLastMinusTheFirst) {
    const auto from = two_variants();
    const auto saved = to_json(comparison{from, {result_with(60, 100), result_with(80, 130)}}).at("saved");
    EXPECT_EQ(saved.at("instructions_per_packet"), 30);
    EXPECT_EQ(saved.at("cycles_per_packet"), 20);
    EXPECT_EQ(saved.at("ns_per_packet"), 10);
    EXPECT_EQ(saved.at("percent_of_path"), 25);  // of the last variant's 80 cycles
    EXPECT_EQ(saved.at("by_stage").at("routing").at("cycles_per_packet"), 20);
    EXPECT_EQ(saved.at("by_stage").at("socket_layer").at("cycles_per_packet"), 0);
    EXPECT_EQ(saved.at("by_cause").at("code").at("cycles_per_packet"), 20);
    EXPECT_EQ(saved.at("by_function").at("fib_table_lookup").at("instructions_per_packet"), 30);
}

TEST(Comparison, ExpectedNamesAreOfTheFirstVariantOrOfWhatTheyDifferIn) {
    const auto from = two_variants();
    const comparison compared{from, {result_with(60, 100), result_with(90, 130)}};
    EXPECT_EQ(compared.value("cycles_per_packet"), 60);
    EXPECT_EQ(compared.value("saved.cycles_per_packet"), 30);
    EXPECT_EQ(compared.value("ratio.cycles_per_packet"), 1.5);
    EXPECT_EQ(compared.value("ratio.packets.dropped"), std::nullopt);  // by nothing
    EXPECT_EQ(compared.value("saved.latency.wire_to_socket.p99_ns"), std::nullopt);
}

TEST(Comparison, FunctionOfOneVariantOnlyCounts) {
    const auto from = two_variants();
    auto first = result_with(60, 100);
    first["fates"][0]["functions"]["tcp_v4_early_demux"] = part(7500, 4500);  // of 100 packets
    const auto saved = to_json(comparison{from, {first, result_with(60, 100)}}).at("saved");
    EXPECT_EQ(saved.at("by_function").at("tcp_v4_early_demux").at("instructions_per_packet"), -75);
    EXPECT_FALSE(saved.at("by_function").contains("fib_table_lookup"));  // no difference
}

// In the first variant 90 of 100 packets are merged, which makes them cheap; in the last 10 of 100. In both kinds it
// saves 20 cycles.
TEST(Comparison, PacketsThatWereHandledOtherwiseDoNotMakeASaving) {
    const auto from = two_variants();
    const auto with_merged = [](double cycles, double merged) {
        auto result = result_with(cycles, 0);
        auto cheap = fate_with(merged, cycles - 50, 0);
        cheap["called"] = {"tcp_rcv_established", "kfree_skb_partial"};
        result["fates"] = {fate_with(100 - merged, cycles, 0), cheap};
        return result;
    };
    const comparison compared{from, {with_merged(60, 90), with_merged(80, 10)}};
    EXPECT_DOUBLE_EQ(compared.path.cycles(), 20);
    EXPECT_EQ(compared.path.packets, 20);  // 10 of each kind
    EXPECT_FALSE(compared.path.fates_differ());
}

json dropped(json fate, const std::string& reason) {
    fate["outcome"] = "dropped";
    fate["reason"] = reason;
    return fate;
}

TEST(Comparison, TwoPacketsInAHundredOfAnotherFateLeaveNoSaving) {
    const auto from = two_variants();
    const auto with_drops = [](double drops) {
        auto result = result_with(60, 0);
        result["fates"] = {fate_with(100 - drops, 60, 0), dropped(fate_with(drops, 10, 0), "NO_SOCKET")};
        return result;
    };
    const comparison one{from, {with_drops(1), with_drops(2)}}, two{from, {with_drops(1), with_drops(3)}};
    EXPECT_FALSE(one.path.fates_differ());
    EXPECT_TRUE(two.path.fates_differ());
    EXPECT_TRUE(to_json(two).at("saved").is_null());
    EXPECT_EQ(to_json(two).at("variants").at(1).at("fates").at("dropped: NO_SOCKET"), 3);
    EXPECT_EQ(two.value("saved.cycles_per_packet"), std::nullopt);
}

TEST(Comparison, DropsForOtherReasonsAreOtherFates) {
    const auto from = two_variants();
    auto first = result_with(60, 0), last = result_with(60, 0);
    first["fates"] = {dropped(fate_with(100, 60, 0), "NO_SOCKET")};
    last["fates"] = {dropped(fate_with(100, 60, 0), "IP_RPFILTER")};
    EXPECT_TRUE((comparison{from, {first, last}}.path.fates_differ()));
}

TEST(Comparison, CoreIsFullFromNinetyNineHundredthsOn) {
    const auto from = two_variants();
    auto first = result_with(60, 0), last = result_with(60, 0);
    first["statistics"]["core.utilisation"] = 0.98;
    last["statistics"]["core.utilisation"] = 0.99;
    const auto variants = to_json(comparison{from, {first, last}}).at("variants");
    EXPECT_FALSE(variants.at(0).at("core_is_full").get<bool>());
    EXPECT_TRUE(variants.at(1).at("core_is_full").get<bool>());
}

// As when its data was in a cache in one of them.
TEST(Comparison, FunctionThatOnlyTakesLongerCounts) {
    const auto from = two_variants();
    const auto saved = to_json(comparison{from, {result_with(60, 100), result_with(80, 100)}}).at("saved");
    EXPECT_EQ(saved.at("by_function").at("fib_table_lookup").at("cycles_per_packet"), 20);
}

TEST(Comparison, WallTimeIsNotInIt) {
    const auto from = two_variants();
    const auto out = to_json(comparison{from, {result_with(1, 1), result_with(1, 1)}}).dump();
    EXPECT_EQ(out.find("wall"), std::string::npos);
}

TEST(Comparison, VariantsAreNamedByTheirSettings) {
    const auto from = two_variants();
    const auto variants = to_json(comparison{from, {result_with(1, 1), result_with(1, 1)}}).at("variants");
    EXPECT_EQ(variants.at(1).at("name"), "net.ipv4.tcp_early_demux=0");
    EXPECT_EQ(variants.at(0).at("set").at("net.ipv4.tcp_early_demux"), "1");
}

}  // namespace
}  // namespace rxpath
