// napi_poll: when the packets of a poll go up as a list.
#include "models/napi/napi_poll.h"

#include <deque>

#include "tests/unit/path_fixture.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/napi.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class napi_poll_lists : public path_fixture {
protected:
    static constexpr std::uint8_t pushed = tcphdr_ack | tcphdr_psh, held = tcphdr_ack;

    sk_buff& make(std::uint8_t flags) {
        auto& skb = m_skbs.emplace_back();
        fill(skb, tcp_packet(flags, 100));
        return skb;
    }
    bool receive(std::uint8_t flags = pushed) { return m_poll.receive(m_context, make(flags)); }
    // What is in the list that goes up.
    std::vector<std::uint64_t> listed() const {
        std::vector<std::uint64_t> numbers;
        for (const auto* skb : m_poll.list()) numbers.push_back(skb->number);
        return numbers;
    }
    void end() {
        m_poll.end_poll(m_context);
        EXPECT_TRUE(m_trace.complete());
    }

    static constexpr std::uint32_t gro_normal_batch = 4;
    napi_poll m_poll{gro_normal_batch};
    std::deque<sk_buff> m_skbs;
};

TEST_F(napi_poll_lists, FourthPacketFillsABatchOfFour) {
    m_poll.begin(m_context, nic0(), false);
    EXPECT_FALSE(receive());
    EXPECT_FALSE(receive());
    EXPECT_FALSE(receive());
    EXPECT_TRUE(receive());
    EXPECT_THAT(listed(), ElementsAre(1, 2, 3, 4));
    m_poll.list_done(m_context);
    EXPECT_FALSE(receive());  // of the next batch
    EXPECT_THAT(listed(), ElementsAre(5));
    EXPECT_THAT(steps_of(fn::tun_napi_poll).size(), 5u);
}

TEST_F(napi_poll_lists, PollIsScheduledAgainForPacketsThatCameAfterTheFirst) {
    m_poll.begin(m_context, nic0(), false);
    receive(), receive();
    ASSERT_TRUE(m_poll.complete(m_context));
    m_poll.list_done(m_context);
    EXPECT_THAT(steps_of(fn::napi_complete_done),
                ElementsAre(path::napi_complete_done::missed, path::napi_complete_done::passes_list_up));
    EXPECT_EQ(calls_of(fn::__napi_schedule), 1u);
    end();
}

TEST_F(napi_poll_lists, RestGoesUpAtTheEndOfThePoll) {
    m_poll.begin(m_context, nic0(), false);
    receive();
    ASSERT_TRUE(m_poll.complete(m_context));
    EXPECT_THAT(listed(), ElementsAre(1));
    EXPECT_THAT(steps_of(fn::napi_complete_done), ElementsAre(path::napi_complete_done::passes_list_up));
    m_poll.list_done(m_context);
    end();
}

TEST_F(napi_poll_lists, HeldPacketsFillNoBatchAndGoUpLast) {
    m_poll.begin(m_context, nic0(), false);
    for (std::uint32_t i = 0; i < gro_normal_batch; ++i) EXPECT_FALSE(receive(held));
    receive(pushed);
    ASSERT_TRUE(m_poll.complete(m_context));
    EXPECT_THAT(listed(), ElementsAre(5, 1, 2, 3, 4));
    EXPECT_EQ(calls_of(fn::napi_gro_complete), 4u);
    m_poll.list_done(m_context);
    end();
}

TEST_F(napi_poll_lists, EmptyPollHasNothingToPassUp) {
    m_poll.begin(m_context, nic0(), false);
    EXPECT_FALSE(m_poll.complete(m_context));
    EXPECT_EQ(calls_of(fn::netif_receive_skb_list_internal), 0u);
    end();
}

// A poll that used its weight up does not complete: __napi_poll() passes up what GRO holds and what is listed.
TEST_F(napi_poll_lists, PollThatUsedItsWeightUpFlushesWithoutCompleting) {
    m_poll.begin(m_context, nic0(), false);
    receive(), receive(held);
    ASSERT_TRUE(m_poll.end_at_weight(m_context, true));
    EXPECT_THAT(listed(), ElementsAre(1, 2));
    m_poll.list_done(m_context);
    EXPECT_EQ(calls_of(fn::napi_complete_done), 0u);
    EXPECT_THAT(steps_of(fn::__napi_poll),
                ElementsAre(path::__napi_poll::weight_used_up, path::__napi_poll::flushes_gro,
                            path::__napi_poll::passes_list_up));
    end();
}

TEST_F(napi_poll_lists, DriverPutsBackWhatIsBeyondTheWeight) {
    for (const bool more : {false, true}) {
        m_poll.begin(m_context, nic0(), false);
        receive();
        ASSERT_TRUE(m_poll.end_at_weight(m_context, more));
        m_poll.list_done(m_context);
        end();
    }
    EXPECT_EQ(calls_of(fn::_raw_spin_lock), 3u);  // each poll once, and to put back
}

TEST_F(napi_poll_lists, PollAfterOneThatUsedItsWeightIsScheduledAgain) {
    m_poll.begin(m_context, nic0(), true);
    receive();
    ASSERT_TRUE(m_poll.complete(m_context));
    m_poll.list_done(m_context);
    EXPECT_EQ(calls_of(fn::__napi_schedule), 1u);
    end();
}

}  // namespace
}  // namespace rxpath
