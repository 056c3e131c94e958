// memory_hierarchy: who serves an access, what it waits for, and what becomes of the line elsewhere.
#include "models/cpu/memory_hierarchy.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <stdexcept>

namespace rxpath {
namespace {

using level = memory_level;

// L1: 4 sets of 2 ways; L2: 8 sets of 4 ways; LLC: 16 sets of 8 ways. At 1 GHz a nanosecond is a cycle.
core_preset small_preset() {
    core_preset preset;
    preset.frequency_ghz = 1;
    preset.l1d = {4 * 2 * 64, 2, 4};
    preset.l2 = {8 * 4 * 64, 4, 12};
    preset.llc = {16 * 8 * 64, 8, 40};
    preset.core_to_core_latency_ns = 60;
    preset.dram_latency_ns = 100;
    return preset;
}

// Lines that differ by this share their set in every cache of small_preset().
constexpr line_address same_set = 16;

class small_host : public testing::Test {
protected:
    memory_hierarchy m_memory{small_preset(), 2};
    const memory_counts& m_counts = m_memory.counts();

    level level_of_read(std::uint32_t core, line_address line) { return m_memory.read(core, line).served_by; }
    // Other lines of the set, so many that `line` leaves L1 and L2.
    void push_out_of_l2(std::uint32_t core, line_address line) {
        for (line_address i = 1; i <= 4; ++i) m_memory.read(core, line + 100 * same_set + i * same_set);
    }
    // And out of the LLC.
    void push_out_of_all(std::uint32_t core, line_address line) {
        for (line_address i = 1; i <= 4 + 8; ++i) m_memory.read(core, line + 200 * same_set + i * same_set);
    }
};

TEST_F(small_host, FirstReadComesFromMemoryAndTheNextFromL1) {
    const auto first = m_memory.read(0, 5);
    EXPECT_EQ(first.served_by, level::dram);
    EXPECT_EQ(first.stall, 100u - 4);
    const auto next = m_memory.read(0, 5);
    EXPECT_EQ(next.served_by, level::l1);
    EXPECT_EQ(next.stall, 0u);
}

TEST_F(small_host, LineThatLeftL1IsInL2) {
    for (line_address i = 0; i < 3; ++i) m_memory.read(0, i * same_set);
    const auto again = m_memory.read(0, 0);
    EXPECT_EQ(again.served_by, level::l2);
    EXPECT_EQ(again.stall, 12u - 4);
}

TEST_F(small_host, LineThatLeftL2IsInTheVictimCacheAndLeavesItWhenItIsReadAgain) {
    m_memory.read(0, 0);
    push_out_of_l2(0, 0);
    const auto again = m_memory.read(0, 0);
    EXPECT_EQ(again.served_by, level::llc);
    EXPECT_EQ(again.stall, 40u - 4);
    EXPECT_EQ(m_memory.dma_read(0), level::other_core);  // a core has it
    m_memory.dma_write(0);
    EXPECT_EQ(level_of_read(0, 0), level::dram);
}

TEST_F(small_host, WarmMeansThatFirstReadsComeFromTheLastCacheUntilItIsUsedUp) {
    constexpr line_address lines = 16 * 8;
    m_memory.assume_warm();
    for (line_address line = 0; line < lines; ++line) EXPECT_EQ(level_of_read(0, 1000 + line), level::llc) << line;
    EXPECT_EQ(level_of_read(0, 1000 + lines), level::dram);
}

TEST_F(small_host, WhatADeviceWroteToMemoryIsNotWarm) {
    m_memory.assume_warm();
    m_memory.dma_write(5);
    EXPECT_EQ(level_of_read(0, 5), level::dram);
    EXPECT_EQ(level_of_read(0, 6), level::llc);
}

TEST_F(small_host, DirtyLineIsWrittenBackWhenItLeavesTheLastCache) {
    m_memory.write(0, 0);
    for (line_address i = 1; i < 4 + 8; ++i) m_memory.read(0, i * same_set);
    EXPECT_EQ(m_counts.write_backs, 0u);  // 4 in L2, 8 in the LLC, the dirty one the oldest there
    m_memory.read(0, 12 * same_set);
    EXPECT_EQ(m_counts.write_backs, 1u);
}

TEST_F(small_host, CleanLinesAreNotWrittenBack) {
    for (line_address i = 0; i < 100; ++i) m_memory.read(0, i * same_set);
    EXPECT_EQ(m_counts.write_backs, 0u);
}

TEST_F(small_host, LineWrittenInL1StaysDirtyOnItsWayOut) {
    m_memory.read(0, 0);
    m_memory.write(0, 0);
    push_out_of_l2(0, 0);
    EXPECT_EQ(level_of_read(0, 0), level::llc);
    EXPECT_EQ(m_memory.write(0, 0).stall, 0u);  // it came back as its owner's
    EXPECT_EQ(m_counts.upgrades, 0u);
}

TEST_F(small_host, DirtyLineThatCameBackIsStillDirty) {
    m_memory.write(0, 0);
    push_out_of_l2(0, 0);
    EXPECT_EQ(level_of_read(0, 0), level::llc);
    push_out_of_all(0, 0);
    EXPECT_EQ(m_counts.write_backs, 1u);
}

// L1's hits are no uses of the L2, which may lose the line first, and includes L1.
TEST_F(small_host, LineThatLeavesL2LeavesL1TooWithWhatWasWrittenThere) {
    m_memory.read(0, 0);
    m_memory.write(0, 0);
    for (line_address i = 1; i <= 3; ++i) {
        m_memory.read(0, i * same_set);
        EXPECT_EQ(level_of_read(0, 0), level::l1);
    }
    m_memory.read(0, 4 * same_set);
    EXPECT_EQ(m_memory.dma_read(0), level::llc);
    EXPECT_EQ(level_of_read(0, 0), level::llc);
    push_out_of_all(0, 0);
    EXPECT_EQ(m_counts.write_backs, 1u);
}

TEST_F(small_host, WriteToASharedLineLeavesNoOldCopyInTheLlc) {
    m_memory.read(0, 0);
    m_memory.read(1, 0);
    push_out_of_l2(1, 0);
    EXPECT_EQ(m_memory.write(0, 0).stall, 40u - 4);  // no other core has it, the LLC has to give it up
    push_out_of_all(0, 0);
    EXPECT_EQ(m_counts.write_backs, 1u);
}

TEST_F(small_host, WriteToALineThatNobodyElseHasWaitsForNothing) {
    m_memory.read(0, 5);
    EXPECT_EQ(m_memory.write(0, 5).stall, 0u);
}

TEST_F(small_host, DirtyLineOfAnotherCoreIsTransferredAndThenShared) {
    m_memory.write(0, 5);
    const auto taken = m_memory.read(1, 5);
    EXPECT_EQ(taken.served_by, level::other_core);
    EXPECT_EQ(taken.stall, 60u - 4);
    EXPECT_EQ(m_counts.transfers(), 1u);
    EXPECT_EQ(level_of_read(0, 5), level::l1);
    EXPECT_EQ(level_of_read(1, 5), level::l1);
}

TEST_F(small_host, WriteTakesTheLineFromTheOtherCore) {
    m_memory.write(0, 5);
    EXPECT_EQ(m_memory.write(1, 5).served_by, level::other_core);
    EXPECT_EQ(level_of_read(0, 5), level::other_core);
}

TEST_F(small_host, WriteToASharedLineWaitsUntilTheOtherCoreGaveItUp) {
    m_memory.read(0, 5);
    m_memory.read(1, 5);
    const auto written = m_memory.write(0, 5);
    EXPECT_EQ(written.served_by, level::l1);
    EXPECT_EQ(written.stall, 60u - 4);
    EXPECT_EQ(m_counts.upgrades, 1u);
    EXPECT_EQ(m_memory.write(0, 5).stall, 0u);
    EXPECT_EQ(level_of_read(1, 5), level::other_core);
}

TEST_F(small_host, LineThatTwoCoresWriteInTurnIsTransferredEveryTime) {
    m_memory.write(0, 5);
    m_memory.restart_counts();
    for (int i = 0; i < 10; ++i) m_memory.write(i % 2 == 0 ? 1 : 0, 5);
    EXPECT_EQ(m_counts.transfers(), 10u);
}

TEST_F(small_host, WriteByADeviceGoesToMemoryAndTakesTheLineFromTheCaches) {
    m_memory.write(0, 5);
    m_memory.dma_write(5);
    EXPECT_EQ(m_memory.dma_read(5), level::dram);
    EXPECT_EQ(level_of_read(0, 5), level::dram);
    EXPECT_EQ(m_counts.write_backs, 0u);  // what was dirty was overwritten
}

TEST_F(small_host, EveryAccessIsCountedAtOneLevel) {
    for (line_address i = 0; i < 50; ++i) {
        m_memory.read(0, i * 3);
        m_memory.write(1, i * 5);
    }
    std::uint64_t sum = 0;
    for (const auto each : m_counts.served_by) sum += each;
    EXPECT_EQ(m_counts.accesses(), 100u);
    EXPECT_EQ(sum, 100u);
}

TEST_F(small_host, NothingIsCachedAfterInvalidation) {
    m_memory.write(0, 5);
    m_memory.invalidate_all();
    EXPECT_EQ(level_of_read(1, 5), level::dram);
}

// Random accesses of three cores and a device to few lines. A private cache may serve a core only if the core had the
// line after everyone else's last write to it; another core may serve
// it only if it had it.
class coherence : public testing::TestWithParam<bool> {};

TEST_P(coherence, NoCoreSeesWhatAnotherHasOverwritten) {
    constexpr std::uint32_t cores = 3;
    constexpr line_address lines = 64;
    auto preset = small_preset();
    preset.llc_inclusive = GetParam();
    preset.ddio_ways = 2;
    memory_hierarchy memory(preset, cores);
    std::array<std::array<bool, lines>, cores> may_have{};
    std::minstd_rand random(1);
    for (int i = 0; i < 200'000; ++i) {
        const auto core = static_cast<std::uint32_t>(random() % (cores + 1));
        const line_address line = random() % lines;
        const bool writes = random() % 3 == 0;
        const auto others_have = [&] {
            for (std::uint32_t other = 0; other < cores; ++other)
                if (other != core && may_have[other][line]) return true;
            return false;
        };
        if (core == cores) {
            memory.dma_write(line);
        } else {
            const auto done = writes ? memory.write(core, line) : memory.read(core, line);
            ASSERT_TRUE(done.served_by > level::l2 || may_have[core][line]) << i;
            ASSERT_TRUE(done.served_by != level::other_core || others_have()) << i;
            may_have[core][line] = true;
        }
        if (writes || core == cores) {
            for (std::uint32_t other = 0; other < cores; ++other) may_have[other][line] &= other == core;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(LlcOfEitherKind, coherence, testing::Bool());

TEST(memory_hierarchy, DeviceWritesIntoItsWaysOfTheLlcOnly) {
    auto preset = small_preset();
    preset.ddio_ways = 2;
    memory_hierarchy memory(preset, 1);
    for (line_address i = 0; i < 3; ++i) memory.dma_write(i * same_set);
    EXPECT_EQ(memory.counts().write_backs, 1u);  // the third took the first's way
    EXPECT_EQ(memory.read(0, 0).served_by, level::dram);
    EXPECT_EQ(memory.read(0, 1 * same_set).served_by, level::llc);
    EXPECT_EQ(memory.read(0, 2 * same_set).served_by, level::llc);
}

TEST(memory_hierarchy, DeviceWritesALineThatTheLlcHasWhereItIs) {
    auto preset = small_preset();
    preset.ddio_ways = 1;
    memory_hierarchy memory(preset, 1);
    memory.dma_write(0);
    memory.dma_write(0);
    EXPECT_EQ(memory.counts().write_backs, 0u);
    EXPECT_EQ(memory.read(0, 0).served_by, level::llc);
}

TEST(memory_hierarchy, LineThatADeviceWroteInTheLlcIsDirty) {
    auto preset = small_preset();
    preset.ddio_ways = 2;
    memory_hierarchy memory(preset, 1);
    for (line_address i = 0; i <= 4; ++i) memory.read(0, i * same_set);  // the first is in the LLC, clean
    memory.dma_write(0);
    EXPECT_EQ(memory.dma_read(0), level::llc);
    for (line_address i = 5; i <= 4 + 8; ++i) memory.read(0, i * same_set);
    EXPECT_EQ(memory.counts().write_backs, 1u);
}

TEST(memory_hierarchy, InclusiveLlcTakesItsLineFromTheCoresToo) {
    auto preset = small_preset();
    preset.llc_inclusive = true;
    preset.llc = {16 * 2 * 64, 2, 40};
    memory_hierarchy memory(preset, 1);
    memory.write(0, 0);
    for (line_address i = 1; i <= 2; ++i) memory.read(0, i * same_set);
    EXPECT_EQ(memory.counts().write_backs, 1u);
    EXPECT_EQ(memory.read(0, 0).served_by, level::dram);  // L2 has four ways, the LLC two
}

TEST(memory_hierarchy, InclusiveLlcKeepsTheLineThatACoreReads) {
    auto preset = small_preset();
    preset.llc_inclusive = true;
    memory_hierarchy memory(preset, 2);
    memory.read(0, 5);
    EXPECT_EQ(memory.read(1, 5).served_by, level::llc);
}

TEST(memory_hierarchy, NextLineIsThereBeforeItIsAskedFor) {
    auto preset = small_preset();
    preset.next_line_prefetch = true;
    memory_hierarchy memory(preset, 1);
    EXPECT_EQ(memory.read(0, 64).served_by, level::dram);
    for (line_address line = 65; line < 128; ++line) EXPECT_EQ(memory.read(0, line).served_by, level::l2) << line;
    EXPECT_EQ(memory.read(0, 128).served_by, level::dram);  // another page
}

TEST(memory_hierarchy, StrideIsFollowedOnceItWasTheSameThreeTimes) {
    auto preset = small_preset();
    preset.stride_prefetch = true;
    memory_hierarchy memory(preset, 1);
    for (const line_address line : {0, 5, 10, 15}) EXPECT_EQ(memory.read(0, line).served_by, level::dram) << line;
    for (const line_address line : {20, 25, 30}) EXPECT_EQ(memory.read(0, line).served_by, level::l2) << line;
    EXPECT_EQ(memory.read(0, 33).served_by, level::dram);
}

TEST(memory_hierarchy, StridesOfTwoFunctionsDoNotMix) {
    auto preset = small_preset();
    preset.stride_prefetch = true;
    memory_hierarchy memory(preset, 1);
    for (const line_address line : {0, 5, 10, 15, 20, 25}) memory.read(0, line, line % 2);
    EXPECT_EQ(memory.counts().prefetches, 0u);
    for (const line_address line : {0, 5, 10, 15, 20, 25}) memory.read(0, 64 + line, 3);
    EXPECT_EQ(memory.counts().prefetches, 3u);
}

TEST(memory_hierarchy, WithoutPrefetchersEveryNewLineComesFromMemory) {
    memory_hierarchy memory(small_preset(), 1);
    for (line_address line = 0; line < 64; ++line) EXPECT_EQ(memory.read(0, line).served_by, level::dram);
    EXPECT_EQ(memory.counts().prefetches, 0u);
}

TEST(memory_hierarchy, ImpossibleCacheIsRefused) {
    auto preset = small_preset();
    preset.l2.size = 1000;
    EXPECT_THROW(memory_hierarchy(preset, 1), std::invalid_argument);
}

}  // namespace
}  // namespace rxpath
