// The ring and its interrupt, as driver and NIC share them.
#include "models/nic/rx_ring_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/cpu/core_timing.h"
#include "models/softirq/simulated_time.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

class rx_ring_interrupt : public testing::Test {
protected:
    static picoseconds now() { return simulated_now(); }
    static void run_for(picoseconds time) { simulate(time); }
    bool fill() { return m_ring.fill({{}, {100}}, now()); }
    // A driver that takes all it sees at each interrupt, in no time.
    void attach_driver() {
        sc_core::sc_spawn_options options;
        options.spawn_method();
        options.dont_initialize();
        options.set_sensitivity(&m_ring.default_event());
        sc_core::sc_spawn(
            [this] {
                m_interrupts.push_back(now());
                m_ring.interrupt_taken(now());
                while (m_ring.take(now()) != nullptr) {}
                m_ring.enable_interrupt(now());
            },
            "driver", &options);
    }

    nic_spec m_spec = [] {
        nic_spec spec;
        spec.ring = 2;
        spec.dma_latency = nanoseconds(300);
        spec.interrupt_latency = nanoseconds(500);
        return spec;
    }();
    memory_hierarchy m_memory{preset_of(cpu_spec{}), 1};
    receive_buffers m_buffers{m_memory};
    rx_ring_channel m_ring{"ring", m_spec, m_buffers};
    std::vector<picoseconds> m_interrupts;
};

TEST_F(rx_ring_interrupt, FullRingLosesTheFrame) {
    EXPECT_TRUE(fill());
    EXPECT_TRUE(fill());
    EXPECT_FALSE(fill());
    ASSERT_NE(m_ring.take(nanoseconds(300)), nullptr);
    EXPECT_TRUE(fill());  // a descriptor is free again
}

TEST_F(rx_ring_interrupt, FrameIsVisibleWhenItsDmaIsDone) {
    fill();
    EXPECT_EQ(m_ring.take(nanoseconds(299)), nullptr);
    const auto* frame = m_ring.take(nanoseconds(300));
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(frame->arrival, picoseconds{});
    EXPECT_TRUE(m_ring.empty());
}

// 100 bytes, 14 from the beginning of a line on: two lines of the buffer.
TEST_F(rx_ring_interrupt, FrameIsWrittenPastTheCoresIntoABufferOfItsOwn) {
    fill();
    fill();
    const auto first = m_ring.take(nanoseconds(300))->buffer;
    EXPECT_EQ(m_memory.counts().dma_writes, 2u);
    EXPECT_NE(m_ring.take(nanoseconds(300))->buffer, first);
    EXPECT_EQ(m_memory.counts().dma_writes, 4u);
}

TEST_F(rx_ring_interrupt, FrameThatTheCoreItselfWritesIsNoDma) {
    m_spec.dma = false;
    fill();
    ASSERT_NE(m_ring.take(nanoseconds(300)), nullptr);
    EXPECT_EQ(m_memory.counts().dma_writes, 0u);
}

TEST_F(rx_ring_interrupt, ComesAfterDmaAndLatencyOnceForWhatIsThere) {
    attach_driver();
    fill();
    fill();
    run_for(microseconds(10));
    EXPECT_THAT(m_interrupts, ElementsAre(nanoseconds(800)));
}

TEST_F(rx_ring_interrupt, ModerationKeepsInterruptsApart) {
    m_spec.interrupt_moderation = microseconds(50);
    attach_driver();
    for (int i = 0; i < 3; ++i) {
        fill();
        run_for(microseconds(10));
    }
    run_for(microseconds(100));
    EXPECT_THAT(m_interrupts, ElementsAre(nanoseconds(800), nanoseconds(50'800)));
}

TEST_F(rx_ring_interrupt, MaskedOneComesWhenItIsEnabledAndFramesAreThere) {
    attach_driver();
    m_ring.interrupt_taken(now());
    fill();
    run_for(microseconds(10));
    EXPECT_TRUE(m_interrupts.empty());
    m_ring.enable_interrupt(now());
    run_for(microseconds(10));
    EXPECT_THAT(m_interrupts, ElementsAre(nanoseconds(10'500)));
}

// NIC and core at the same picosecond: neither sees what the other does, whichever SystemC calls first.
TEST_F(rx_ring_interrupt, DescriptorIsFreeAPicosecondAfterItIsTaken) {
    m_spec.ring = 1;
    rx_ring_channel ring{"one", m_spec, m_buffers};
    const auto later = picoseconds{nanoseconds(300).value + 1};
    EXPECT_TRUE(ring.fill({{}, {100}}, {}));
    ASSERT_NE(ring.take(nanoseconds(300)), nullptr);
    EXPECT_FALSE(ring.fill({{}, {100}}, nanoseconds(300)));
    EXPECT_TRUE(ring.fill({{}, {100}}, later));
}

TEST_F(rx_ring_interrupt, FrameIsVisibleAPicosecondAfterItArrivesAtTheSoonest) {
    m_spec.dma_latency = {};
    fill();
    EXPECT_EQ(m_ring.take({}), nullptr);
    EXPECT_NE(m_ring.take({1}), nullptr);
}

TEST_F(rx_ring_interrupt, ComesAPicosecondAfterTheFrameIsVisibleAtTheSoonest) {
    m_spec.dma_latency = m_spec.interrupt_latency = {};
    attach_driver();
    fill();
    run_for(microseconds(1));
    EXPECT_THAT(m_interrupts, ElementsAre(picoseconds{2}));
}

}  // namespace
}  // namespace rxpath
