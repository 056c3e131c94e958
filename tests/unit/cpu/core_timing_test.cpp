// core_timing: what returns, code and data cost, each in numbers that a reader can multiply.
#include "models/cpu/core_timing.h"

#include <gtest/gtest.h>

#include "models/base/kernel_functions/early_demux.h"

namespace rxpath {
namespace {

constexpr auto function = fn::tcp_v4_early_demux;
const auto& code = code_profile::built_in();

// One cycle a nanosecond; an L2 hit waits 8 cycles, the LLC 36, memory 96.
cpu_spec small_core() {
    cpu_spec spec;
    spec.numbers = {{"frequency", 1},       {"base_cycles_per_instruction", 0.5},
                    {"l1i.latency", 4},     {"l1d.latency", 4},
                    {"l2.latency", 12},     {"llc.latency", 40},
                    {"dram_latency", 100},  {"prefetch.next_line", 0},
                    {"misprediction", 10},  {"cold_mispredictions", 0},
                    {"return", 1},          {"safe_return", 20},
                    {"indirect_call", 2},   {"retpoline", 30},
                    {"exposed_fetch", 1},   {"exposed_load", 0.75},
                    {"exposed_store", 0.25}};
    return spec;
}

// A core with a memory of its own.
struct core_alone {
    explicit core_alone(const cpu_spec& spec) : memory(preset_of(spec), 1), core(spec, code, memory) {}

    memory_hierarchy memory;
    core_timing core;
};

line_access load(heap_address line) { return {line, false, false}; }
line_access store(heap_address line) { return {line, true, false}; }
line_access load_in_walk(heap_address line) { return {line, false, true}; }

double fetch(core_timing& core) {
    memory_use found;
    return core.fetch(function, found);
}

TEST(core_timing, InstructionsTakeTheRate) { EXPECT_DOUBLE_EQ(core_alone(small_core()).core.execute(10), 5); }

TEST(core_timing, MitigationsMakeReturnsAndIndirectCallsMispredict) {
    auto spec = small_core();
    EXPECT_DOUBLE_EQ(core_alone(spec).core.front_end(3, 1), 3 * 20 + 30);
    spec.mitigations = false;
    EXPECT_DOUBLE_EQ(core_alone(spec).core.front_end(3, 1), 3 * 1 + 2);
}

TEST(core_timing, FunctionHasTheReturnsOfItsCode) {
    EXPECT_DOUBLE_EQ(core_alone(small_core()).core.front_end(function), 20.0 * code.of(function).returns);
}

TEST(core_timing, CodeWaitsOnceUntilSomethingElseRan) {
    core_alone host(small_core());
    auto& core = host.core;
    const double lines = code.of(function).lines;
    EXPECT_DOUBLE_EQ(fetch(core), lines * 8);
    EXPECT_DOUBLE_EQ(fetch(core), 0);
    core.instructions_left_l1();
    EXPECT_DOUBLE_EQ(fetch(core), lines * 8);
    EXPECT_DOUBLE_EQ(core.fetch_from_l2(), 8);
}

TEST(core_timing, LinesOfCodeAreFoundInTheL2ThenInTheL1) {
    core_alone host(small_core());
    auto& core = host.core;
    memory_use first, second;
    core.fetch(function, first);
    core.fetch(function, second);
    const std::uint64_t lines = code.of(function).lines;
    EXPECT_EQ(first.code, (std::array<std::uint64_t, memory_level_count>{0, lines, 0, 0, 0}));
    EXPECT_EQ(second.code, (std::array<std::uint64_t, memory_level_count>{lines, 0, 0, 0, 0}));
}

TEST(core_timing, ColdCodeMispredictsToo) {
    auto spec = small_core();
    spec.numbers["cold_mispredictions"] = 0.5;
    core_alone host(spec);
    auto& core = host.core;
    EXPECT_DOUBLE_EQ(fetch(core), code.of(function).lines * (8 + 0.5 * 10));
    EXPECT_DOUBLE_EQ(fetch(core), 0);
}

TEST(core_timing, LoadIsHiddenInPartAStoreMoreAWalkNotAtAll) {
    core_alone host(small_core());
    auto& core = host.core;
    EXPECT_DOUBLE_EQ(core.access(function, load(0x1000)), 96 * 0.75);
    EXPECT_DOUBLE_EQ(core.access(function, store(0x2000)), 96 * 0.25);
    EXPECT_DOUBLE_EQ(core.access(function, load_in_walk(0x3000)), 96);
    EXPECT_DOUBLE_EQ(core.access(function, load(0x1000)), 0);
}

TEST(core_timing, WarmHostHasItsDataInTheLastCache) {
    core_alone host(small_core());
    auto& core = host.core;
    host.memory.assume_warm();
    EXPECT_DOUBLE_EQ(core.access(function, load(0x1000)), 36 * 0.75);
}

TEST(core_timing, WhatADeviceWroteComesFromMemory) {
    core_alone host(small_core());
    auto& core = host.core;
    host.memory.assume_warm();
    core.access(function, load(0x1000)), core.access(function, load(0x1040));
    host.memory.dma_write(0x1010, 0x31);  // its last byte is the first of the second line
    EXPECT_DOUBLE_EQ(core.access(function, load(0x1000)), 96 * 0.75);
    EXPECT_DOUBLE_EQ(core.access(function, load(0x1040)), 96 * 0.75);
}

}  // namespace
}  // namespace rxpath
