// ip_error(): what becomes of a packet that routing found no way for, and whether its sender is told.
#include "models/ip/ip_forward.h"
#include "routed_packet_fixture.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ip_error_packet : public routed_packet_fixture {
protected:
    void receive(std::string_view to) {
        auto& skb = route(to);
        ASSERT_EQ(skb_dst(skb)->input, dst_input::ip_error);
        ip_error(m_context, m_net, skb);
    }
};

TEST_F(ip_error_packet, HostDropsSilently) {
    run("sysctl net.ipv4.ip_forward=0");
    receive("192.0.2.1");
    EXPECT_THAT(drops(), ElementsAre(drop_reason::IP_INADDRERRORS));  // EHOSTUNREACH: this host does not forward
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(ip_error_packet, RouterWithoutARouteSaysNetUnreachable) {
    receive("192.0.2.1");
    EXPECT_THAT(drops(), ElementsAre(drop_reason::IP_INNOROUTES));
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
}

TEST_F(ip_error_packet, RouterWithAnUnreachableRouteSaysHostUnreachable) {
    run("ip route add unreachable 192.0.2.0/24");
    receive("192.0.2.1");
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    EXPECT_THAT(steps_of(fn::ip_error), ElementsAre(path::ip_error::host_unreachable, path::ip_error::sender_told));
}

TEST_F(ip_error_packet, RouterWithAProhibitingRouteSaysSo) {
    run("ip route add prohibit 192.0.2.0/24");
    receive("192.0.2.1");
    EXPECT_THAT(steps_of(fn::ip_error), ElementsAre(path::ip_error::prohibited, path::ip_error::sender_told));
}

// ip_rt_error_burst is 5 s worth of tokens. A message takes one here and one in icmp_send(), from the same inet_peer:
// the third packet finds one left here and none there, the fourth none at all.
TEST_F(ip_error_packet, RateOfMessagesIsLimited) {
    std::size_t sent = 0, icmp_sends = 0;
    for (int i = 0; i < 10; ++i) {
        receive("192.0.2.1");
        sent += m_context.sent.size();
        icmp_sends += calls_of(fn::__icmp_send);
    }
    EXPECT_EQ(sent, 2u);
    EXPECT_EQ(icmp_sends, 3u);
}

TEST_F(ip_error_packet, TokensComeBackWithTime) {
    for (int i = 0; i < 10; ++i) receive("192.0.2.1");
    m_context.now += milliseconds(2000);
    receive("192.0.2.1");
    EXPECT_THAT(sends(), ElementsAre(sent_kind::icmp_error));
}

}  // namespace
}  // namespace rxpath
