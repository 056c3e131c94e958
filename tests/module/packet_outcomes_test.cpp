// One outcome a packet, counted when it is decided.
#include "models/softirq/packet_outcomes.h"

#include "models/softirq/window_statistics.h"
#include "simulated_host.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

// What the softirq and the kernel's timers tell of packets, and what is counted of it.
class packet_outcome_counts : public testing::Test {
protected:
    sk_buff take(std::uint64_t number) {
        sk_buff skb;
        skb.dev = &m_dev;
        skb.number = number;
        skb.arrival = nanoseconds(100);
        m_outcomes.taken(skb, 1000);
        m_statistics.taken({skb, 1000});
        return skb;
    }
    packet_outcomes::decision finish(const sk_buff& skb) { return tell(skb.number, m_outcomes.finish(skb), &skb); }
    // A segment out of order, kept when its run ended.
    void hold(std::uint64_t number) {
        auto skb = take(number);
        skb.held = true;
        EXPECT_EQ(finish(skb).outcome, packet_outcome::held);
    }
    std::optional<packet_outcomes::decision> drop(std::uint64_t number, drop_reason reason, picoseconds at) {
        return tell_held(number, m_outcomes.drop({number, reason}, at));
    }
    std::optional<packet_outcomes::decision> settle(std::uint64_t number, drop_reason reason, picoseconds at) {
        return tell_held(number, m_outcomes.settle({number, reason}, at));
    }
    std::uint64_t counted(packet_outcome outcome) { return result().outcomes[static_cast<std::size_t>(outcome)]; }
    measurements& result() { return m_statistics.result(); }

    net_device m_dev;
    packet_outcomes m_outcomes;
    window_statistics m_statistics;

private:
    packet_outcomes::decision tell(std::uint64_t number, const packet_outcomes::decision& decided, const sk_buff* skb) {
        m_statistics.decided(
            {number, decided.outcome, decided.reason, decided.arrival, decided.at, decided.bits, skb, nullptr, {}});
        return decided;
    }
    std::optional<packet_outcomes::decision> tell_held(std::uint64_t number,
                                                       const std::optional<packet_outcomes::decision>& decided) {
        if (decided) tell(number, *decided, nullptr);
        return decided;
    }
};

TEST_F(packet_outcome_counts, DropComesBeforeTheQueueItWasIn) {
    auto skb = take(1);
    skb.queued = true;
    drop(1, drop_reason::TCP_OFO_QUEUE_PRUNE, nanoseconds(200));
    finish(skb);
    EXPECT_EQ(counted(packet_outcome::delivered), 0u);
    EXPECT_EQ(result().drops[static_cast<std::size_t>(drop_reason::TCP_OFO_QUEUE_PRUNE)], 1u);
    EXPECT_TRUE(result().wire_to_socket.empty());
}

TEST_F(packet_outcome_counts, HeldPacketIsDeliveredWhenTheGapIsFilled) {
    hold(1);
    const auto decided = settle(1, drop_reason::NOT_DROPPED_YET, nanoseconds(900));
    ASSERT_TRUE(decided);
    EXPECT_EQ(decided->outcome, packet_outcome::delivered);
    EXPECT_EQ(counted(packet_outcome::held), 0u);
    EXPECT_EQ(counted(packet_outcome::delivered), 1u);
    EXPECT_THAT(result().wire_to_socket, ElementsAre(nanoseconds(800)));
}

TEST_F(packet_outcome_counts, HeldPacketIsDeliveredInItsOwnRun) {
    auto skb = take(1);
    skb.held = true;
    settle(1, drop_reason::NOT_DROPPED_YET, nanoseconds(300));
    EXPECT_EQ(finish(skb).outcome, packet_outcome::delivered);
    EXPECT_THAT(result().wire_to_socket, ElementsAre(nanoseconds(200)));
}

TEST_F(packet_outcome_counts, HeldFragmentIsConsumedByItsDatagram) {
    hold(1);
    settle(1, drop_reason::CONSUMED, nanoseconds(900));
    EXPECT_EQ(counted(packet_outcome::consumed), 1u);
    EXPECT_EQ(counted(packet_outcome::held), 0u);
}

TEST_F(packet_outcome_counts, HeldPacketIsDroppedOnceWithItsReason) {
    hold(1);
    drop(1, drop_reason::FRAG_REASM_TIMEOUT, nanoseconds(900));
    settle(1, drop_reason::FRAG_REASM_TIMEOUT, nanoseconds(900));
    EXPECT_EQ(counted(packet_outcome::dropped), 1u);
    EXPECT_EQ(counted(packet_outcome::held), 0u);
    EXPECT_EQ(result().drops[static_cast<std::size_t>(drop_reason::FRAG_REASM_TIMEOUT)], 1u);
}

TEST_F(packet_outcome_counts, WhatIsHeldWhenMeasuringBeginsIsCarriedIntoIt) {
    hold(1);
    m_statistics.begin_window(m_outcomes.held(), 1);
    EXPECT_EQ(result().packets_received, 0u);
    EXPECT_EQ(result().held_before, 1u);
    EXPECT_EQ(counted(packet_outcome::held), 1u);
    settle(1, drop_reason::NOT_DROPPED_YET, nanoseconds(900));
    EXPECT_EQ(counted(packet_outcome::held), 0u);
    EXPECT_EQ(counted(packet_outcome::delivered), 1u);
}

TEST_F(packet_outcome_counts, WhatTheHostSendsToItselfIsNotReceived) {
    m_dev.loopback = true;
    const auto skb = take(1);
    EXPECT_EQ(result().packets_received, 0u);
    EXPECT_EQ(result().packets_looped, 1u);
    EXPECT_EQ(finish(skb).outcome, packet_outcome::consumed);
}

}  // namespace
}  // namespace rxpath
