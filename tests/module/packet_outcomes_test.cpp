// One outcome a packet, counted when it is decided.
#include "models/softirq/packet_outcomes.h"

#include "simulated_host.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

class packet_outcome_counts : public testing::Test {
protected:
    packet_outcome_counts() { m_outcomes.begin_run(1); }

    sk_buff take(std::uint64_t number) {
        sk_buff skb;
        skb.dev = &m_dev;
        skb.number = number;
        skb.arrival = nanoseconds(100);
        m_outcomes.taken(skb, 1000);
        return skb;
    }
    // A segment out of order, kept when its run ended.
    void hold(std::uint64_t number) {
        auto skb = take(number);
        skb.held = true;
        EXPECT_EQ(m_outcomes.finish(skb).outcome, packet_outcome::held);
        m_outcomes.begin_run(number + 1);
    }
    std::uint64_t counted(packet_outcome outcome) const { return m_result.outcomes[static_cast<std::size_t>(outcome)]; }

    net_device m_dev;
    window_totals m_result;
    packet_outcomes m_outcomes{m_result};
};

TEST_F(packet_outcome_counts, DropComesBeforeTheQueueItWasIn) {
    auto skb = take(1);
    skb.queued = true;
    m_outcomes.drop({1, drop_reason::TCP_OFO_QUEUE_PRUNE}, nanoseconds(200));
    m_outcomes.finish(skb);
    EXPECT_EQ(counted(packet_outcome::delivered), 0u);
    EXPECT_EQ(m_result.drops[static_cast<std::size_t>(drop_reason::TCP_OFO_QUEUE_PRUNE)], 1u);
    EXPECT_TRUE(m_result.wire_to_socket.empty());
}

TEST_F(packet_outcome_counts, HeldPacketIsDeliveredWhenTheGapIsFilled) {
    hold(1);
    const auto decided = m_outcomes.settle({1, drop_reason::NOT_DROPPED_YET}, nanoseconds(900));
    ASSERT_TRUE(decided);
    EXPECT_EQ(decided->outcome, packet_outcome::delivered);
    EXPECT_EQ(counted(packet_outcome::held), 0u);
    EXPECT_EQ(counted(packet_outcome::delivered), 1u);
    EXPECT_THAT(m_result.wire_to_socket, ElementsAre(nanoseconds(800)));
}

TEST_F(packet_outcome_counts, HeldPacketIsDeliveredInItsOwnRun) {
    auto skb = take(1);
    skb.held = true;
    m_outcomes.settle({1, drop_reason::NOT_DROPPED_YET}, nanoseconds(300));
    EXPECT_EQ(m_outcomes.finish(skb).outcome, packet_outcome::delivered);
    EXPECT_THAT(m_result.wire_to_socket, ElementsAre(nanoseconds(200)));
}

TEST_F(packet_outcome_counts, HeldFragmentIsConsumedByItsDatagram) {
    hold(1);
    m_outcomes.settle({1, drop_reason::CONSUMED}, nanoseconds(900));
    EXPECT_EQ(counted(packet_outcome::consumed), 1u);
    EXPECT_EQ(counted(packet_outcome::held), 0u);
}

TEST_F(packet_outcome_counts, HeldPacketIsDroppedOnceWithItsReason) {
    hold(1);
    m_outcomes.drop({1, drop_reason::FRAG_REASM_TIMEOUT}, nanoseconds(900));
    m_outcomes.settle({1, drop_reason::FRAG_REASM_TIMEOUT}, nanoseconds(900));
    EXPECT_EQ(counted(packet_outcome::dropped), 1u);
    EXPECT_EQ(counted(packet_outcome::held), 0u);
    EXPECT_EQ(m_result.drops[static_cast<std::size_t>(drop_reason::FRAG_REASM_TIMEOUT)], 1u);
}

TEST_F(packet_outcome_counts, WhatIsHeldWhenMeasuringBeginsIsCarriedIntoIt) {
    hold(1);
    m_outcomes.begin_window();
    EXPECT_EQ(m_result.packets_received, 0u);
    EXPECT_EQ(m_result.held_before, 1u);
    EXPECT_EQ(counted(packet_outcome::held), 1u);
    m_outcomes.settle({1, drop_reason::NOT_DROPPED_YET}, nanoseconds(900));
    EXPECT_EQ(counted(packet_outcome::held), 0u);
    EXPECT_EQ(counted(packet_outcome::delivered), 1u);
}

TEST_F(packet_outcome_counts, WhatTheHostSendsToItselfIsNotReceived) {
    m_dev.loopback = true;
    const auto skb = take(1);
    EXPECT_EQ(m_result.packets_received, 0u);
    EXPECT_EQ(m_result.packets_looped, 1u);
    EXPECT_EQ(m_outcomes.finish(skb).outcome, packet_outcome::consumed);
}

}  // namespace
}  // namespace rxpath
