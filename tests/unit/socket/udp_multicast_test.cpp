// Datagrams for several hosts: every socket that fits gets one.
#include "models/socket/udp_multicast.h"

#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class udp_to_several : public socket_fixture {
protected:
    udp_to_several() {
        m_nic.ifindex = nic0;
        rtable_of(*m_route).rt_flags = rtcf_multicast | rtcf_local;
    }

    void receive_from(endpoint from) {
        std::vector<std::uint8_t> bytes(108, 'x');
        put16(bytes, 0, from.port.value);
        put16(bytes, 2, m_group.port.value);
        put16(bytes, 4, 108);
        auto skb = make_skb(ipproto_udp, bytes, from, m_group);
        skb.dev = &m_nic;
        receive(skb);
    }
    void receive_one() { receive_from(m_client); }

    const endpoint m_group{*parse_ipv4_address("224.0.0.1"), {5000}};
    net_device m_nic;
};

TEST_F(udp_to_several, NobodyListeningDropsWithoutAnAnswer) {
    receive_one();
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
    EXPECT_THAT(sends(), IsEmpty());
}

TEST_F(udp_to_several, EverySocketThatFitsGetsOne) {
    auto& any = m_sockets.bind_udp({{}, m_group.port});
    auto& group = m_sockets.bind_udp(m_group);
    receive_one();
    EXPECT_EQ(any.unread_bytes(), 100u);
    EXPECT_EQ(group.unread_bytes(), 100u);
    EXPECT_THAT(m_context.woken, UnorderedElementsAre(&any, &group));
    EXPECT_EQ(calls_of(fn::skb_clone), 1u);  // the last one gets the packet itself
}

TEST_F(udp_to_several, SocketBoundToAHostAddressGetsNone) {
    auto& sk = m_sockets.bind_udp({m_server.address, m_group.port});
    receive_one();
    EXPECT_TRUE(sk.sk_receive_queue.empty());
}

TEST_F(udp_to_several, SocketBoundToAnotherDeviceGetsNone) {
    auto& sk = m_sockets.bind_udp({{}, m_group.port}, nic1);
    receive_one();
    EXPECT_TRUE(sk.sk_receive_queue.empty());
}

TEST_F(udp_to_several, ConnectedSocketTakesItsPeerOnly) {
    auto& sk = m_sockets.bind_udp({{}, m_group.port});
    m_sockets.connect_udp(sk, m_client);
    receive_from({m_client.address, {1}});
    EXPECT_TRUE(sk.sk_receive_queue.empty());
    receive_one();
    EXPECT_EQ(sk.sk_receive_queue.size(), 1u);
}

// More than ten sockets of one hash of port: then the table by address is searched, for the group and for any address.
TEST_F(udp_to_several, LongBucketIsSearchedByAddress) {
    auto& any = m_sockets.bind_udp({{}, m_group.port});
    auto& group = m_sockets.bind_udp(m_group);
    for (std::uint32_t i = 0; i < 12; ++i) m_sockets.bind_udp({{0x0a000010 + i}, m_group.port});
    receive_one();
    EXPECT_EQ(any.sk_receive_queue.size(), 1u);
    EXPECT_EQ(group.sk_receive_queue.size(), 1u);
}

}  // namespace
}  // namespace rxpath
