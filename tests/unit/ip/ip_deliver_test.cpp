// ip_deliver: where dst_input() sends the packets of a sublist.
#include "models/ip/ip_deliver.h"

#include "routed_packet_fixture.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"

namespace rxpath {
namespace {

using next = ip_deliver::next;
using testing::ElementsAre;
using testing::IsEmpty;

class ip_deliver_sublist : public routed_packet_fixture {
protected:
    next begin(bool is_list = true) { return m_deliver.begin(m_context, m_packets, is_list); }
    ~ip_deliver_sublist() override { release(m_second); }

    ip_deliver m_deliver{m_net};
    sk_buff m_second;
    std::vector<sk_buff*> m_packets;
};

TEST_F(ip_deliver_sublist, LocalPacketsGoToTheSocketLayerOneAfterTheOther) {
    m_packets = {&route(m_skb, "10.0.0.1"), &route(m_second, "10.0.0.1")};
    ASSERT_EQ(begin(), next::socket_layer);
    EXPECT_EQ(&m_deliver.packet(), &m_skb);
    EXPECT_EQ(m_skb.data, 20u);  // at the TCP header
    ASSERT_EQ(m_deliver.received(m_context), next::socket_layer);
    EXPECT_EQ(&m_deliver.packet(), &m_second);
    EXPECT_EQ(m_deliver.received(m_context), next::done);
    EXPECT_EQ(calls_of(fn::ip_local_deliver), 2u);
    EXPECT_EQ(calls_of(fn::ip_sublist_rcv_finish), 1u);
    EXPECT_TRUE(m_trace.complete());
}

TEST_F(ip_deliver_sublist, SinglePacketHasNoSublist) {
    m_packets = {&route("10.0.0.1")};
    ASSERT_EQ(begin(false), next::socket_layer);
    EXPECT_EQ(m_deliver.received(m_context), next::done);
    EXPECT_EQ(calls_of(fn::ip_sublist_rcv_finish), 0u);
    EXPECT_TRUE(m_trace.complete());
}

TEST_F(ip_deliver_sublist, PacketForAnotherHostIsForwardedAndTheNextDelivered) {
    m_packets = {&route(m_skb, "10.1.0.9"), &route(m_second, "10.0.0.1")};
    ASSERT_EQ(begin(), next::socket_layer);
    EXPECT_EQ(&m_deliver.packet(), &m_second);
    EXPECT_TRUE(m_skb.forwarded);
    EXPECT_FALSE(m_second.forwarded);
}

TEST_F(ip_deliver_sublist, PacketWithoutAWayEndsInIpError) {
    m_packets = {&route("192.0.2.1")};
    EXPECT_EQ(begin(), next::done);
    EXPECT_EQ(calls_of(fn::ip_error), 1u);
    EXPECT_EQ(m_context.dropped.size(), 1u);
}

TEST_F(ip_deliver_sublist, FragmentIsQueuedForReassembly) {
    auto& skb = route("10.0.0.1");
    skb.head[6] = 0x20;  // more fragments
    m_packets = {&skb};
    EXPECT_EQ(begin(), next::done);
    EXPECT_EQ(calls_of(fn::ip_defrag), 1u);
    EXPECT_EQ(calls_of(fn::ip_local_deliver_finish), 0u);
    EXPECT_TRUE(m_trace.complete());
}

TEST_F(ip_deliver_sublist, EmptyOneIsDoneAtOnce) {
    EXPECT_EQ(begin(), next::done);
    EXPECT_THAT(steps_of(fn::ip_sublist_rcv_finish), ElementsAre(path::ip_sublist_rcv_finish::none));
}

}  // namespace
}  // namespace rxpath
