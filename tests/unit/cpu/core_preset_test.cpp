// core_preset: the table of real CPUs is complete, plausible and says where its numbers are from.
#include "models/cpu/core_preset.h"

#include <gmock/gmock.h>

#include <map>
#include <set>
#include <stdexcept>

#include "models/cpu/memory_hierarchy.h"

namespace rxpath {
namespace {

TEST(core_preset, EveryModelHasEveryNumberOnce) {
    std::map<std::string, std::multiset<std::string>> numbers;
    for (const auto& row : core_preset_rows()) numbers[row.model].insert(row.number);
    const auto& first = numbers.begin()->second;
    for (const auto& [model, names] : numbers) {
        EXPECT_EQ(names, first) << model;
        EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size()) << model;
    }
    EXPECT_THAT(core_models(), testing::ElementsAre("zen3", "icelake-server", "neoverse-n1"));
}

TEST(core_preset, EveryNumberHasASource) {
    for (const auto& row : core_preset_rows()) EXPECT_GE(row.source.size(), 7u) << row.model << " " << row.number;
}

TEST(core_preset, CachesOfEveryModelCanBeBuiltAndThePrivateOnesHaveAPowerOfTwoOfSets) {
    for (const auto& model : core_models()) {
        const auto preset = make_core_preset(model);
        EXPECT_NO_THROW(memory_hierarchy(preset, 1)) << model;
        for (const auto& shape : {preset.l1d, preset.l2}) {
            const auto sets = cache(shape).sets();
            EXPECT_EQ(sets & (sets - 1), 0u) << model;
        }
    }
}

TEST(core_preset, EachLevelIsLargerAndSlowerThanTheOneBefore) {
    for (const auto& model : core_models()) {
        const auto preset = make_core_preset(model);
        EXPECT_LT(preset.l1d.size, preset.l2.size) << model;
        EXPECT_LT(preset.l2.size, preset.llc.size) << model;
        EXPECT_LT(preset.l1d.latency, preset.l2.latency) << model;
        EXPECT_LT(preset.l2.latency, preset.llc.latency) << model;
        EXPECT_LT(preset.llc.latency, preset.core_to_core_latency()) << model;
        EXPECT_LT(preset.core_to_core_latency(), preset.dram_latency()) << model;
    }
}

TEST(core_preset, SharesAreSharesAndRatesAreRates) {
    for (const auto& model : core_models()) {
        const auto preset = make_core_preset(model);
        EXPECT_GT(preset.frequency_ghz, 1) << model;
        EXPECT_GT(preset.base_cycles_per_instruction, 0.1) << model;
        for (const auto share : {preset.exposed_load, preset.exposed_store}) {
            EXPECT_GE(share, 0) << model;
            EXPECT_LE(share, 1) << model;
        }
        EXPECT_LE(preset.ddio_ways, preset.llc.ways) << model;
        EXPECT_GT(preset.misprediction, 0u) << model;
    }
}

// The host of the measured savings, as its vendor describes it.
TEST(core_preset, Zen3HasTheCachesOfAnEpyc7003) {
    const auto zen3 = make_core_preset("zen3");
    EXPECT_EQ(zen3.l1d.size, 32u * 1024);
    EXPECT_EQ(zen3.l2.size, 512u * 1024);
    EXPECT_EQ(zen3.llc.size, 32u * 1024 * 1024);
    EXPECT_EQ(cache(zen3.l1d).sets(), 64u);
    EXPECT_FALSE(zen3.llc_inclusive);
    EXPECT_EQ(zen3.ddio_ways, 0u);
}

TEST(core_preset, LatenciesInNanosecondsFollowTheClock) {
    const auto preset = make_core_preset("zen3", {{"frequency", 2.0}, {"dram_latency", 100}});
    EXPECT_EQ(preset.dram_latency(), 200u);
}

TEST(core_preset, OverrideTakesThePlaceOfThePresetsNumber) {
    const auto preset = make_core_preset("zen3", {{"l1d.size", 65536}, {"prefetch.stride", 0}});
    EXPECT_EQ(preset.l1d.size, 65536u);
    EXPECT_EQ(preset.l1d.ways, 8u);
    EXPECT_FALSE(preset.stride_prefetch);
}

TEST(core_preset, CacheThatCannotBeIsRefusedByItsName) {
    try {
        make_core_preset("zen3", {{"l2.ways", 7}});
        FAIL() << "accepted";
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(error.what(), "l2: found a size of 524288B, allowed with 7 ways: a multiple of 448B");
    }
}

TEST(core_preset, UnknownModelIsRefusedWithThoseThatExist) {
    try {
        make_core_preset("pentium");
        FAIL() << "accepted";
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(error.what(), "model: found pentium, allowed: zen3, icelake-server, neoverse-n1");
    }
    EXPECT_THROW(make_core_preset("zen3", {{"l4.size", 1}}), std::invalid_argument);
}

}  // namespace
}  // namespace rxpath
