// The backlog's poll: a call of __netif_receive_skb() a packet.
#include "models/napi/process_backlog.h"

#include "tests/unit/path_fixture.h"

#include "models/base/kernel_functions/napi.h"

namespace rxpath {
namespace {

using testing::ElementsAre;

class process_backlog_poll : public path_fixture {
protected:
    void receive_one() {
        fill(m_skb, tcp_packet());
        m_poll.begin_packet(m_context, m_skb);
        m_poll.end_packet(m_context);
    }

    backlog_poll m_poll;
};

TEST_F(process_backlog_poll, ReceivesPacketByPacket) {
    m_poll.begin(m_context);
    receive_one();
    receive_one();
    m_poll.end(m_context);
    EXPECT_EQ(calls_of(fn::__napi_poll), 1u);
    EXPECT_EQ(calls_of(fn::__netif_receive_skb), 2u);
    EXPECT_THAT(steps_of(fn::process_backlog),
                ElementsAre(path::process_backlog::packet, path::process_backlog::packet));
    EXPECT_TRUE(m_trace.complete());
}

}  // namespace
}  // namespace rxpath
