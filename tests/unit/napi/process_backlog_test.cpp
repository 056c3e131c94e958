// The backlog's poll: in the softirq that is open, or in one of its own.
#include "models/napi/process_backlog.h"

#include "tests/unit/path_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class process_backlog_poll : public path_fixture {
protected:
    void receive_one() {
        fill(m_skb, tcp_packet());
        m_poll.begin_packet(m_context, m_skb);
        m_poll.end_packet(m_context);
    }

    backlog_poll m_poll;
    std::optional<std::uint32_t> m_softirq;
};

TEST_F(process_backlog_poll, OpensASoftirqWhenNoneIs) {
    m_poll.begin(m_context, m_softirq);
    receive_one();
    receive_one();
    m_poll.end(m_context);
    ASSERT_TRUE(m_softirq);
    EXPECT_THAT(steps_of(fn::net_rx_action), IsEmpty());
    EXPECT_EQ(calls_of(fn::__netif_receive_skb), 2u);
    EXPECT_EQ(m_trace.open_call(), *m_softirq);
}

TEST_F(process_backlog_poll, GoesOnInTheSoftirqThatIsOpen) {
    m_softirq = m_trace.enter(fn::net_rx_action);
    m_poll.begin(m_context, m_softirq);
    receive_one();
    m_poll.end(m_context);
    EXPECT_EQ(calls_of(fn::net_rx_action), 1u);
    EXPECT_THAT(steps_of(fn::net_rx_action), ElementsAre(path::net_rx_action::another_poll));
}

}  // namespace
}  // namespace rxpath
