#include "sim/comparison.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

json result_with(double cycles, double instructions) {
    auto result = to_json(result_of({}, {}, 0));
    result["statistics"]["cycles_per_packet"] = cycles;
    result["statistics"]["instructions_per_packet"] = instructions;
    result["statistics"]["stage.routing.cycles_per_packet"] = cycles / 2;
    result["functions"]["fib_table_lookup"] = {
        {"calls_per_packet", 1}, {"instructions_per_packet", instructions}, {"cycles_per_packet", cycles}};
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
    EXPECT_EQ(saved.at("percent"), 25);  // of the last variant's 80 cycles
    EXPECT_EQ(saved.at("by_stage").at("routing").at("cycles_per_packet"), 10);
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
    first["functions"]["tcp_v4_early_demux"] = {
        {"calls_per_packet", 1}, {"instructions_per_packet", 75}, {"cycles_per_packet", 45}};
    const auto saved = to_json(comparison{from, {first, result_with(60, 100)}}).at("saved");
    EXPECT_EQ(saved.at("by_function").at("tcp_v4_early_demux").at("instructions_per_packet"), -75);
    EXPECT_FALSE(saved.at("by_function").contains("fib_table_lookup"));  // no difference
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
