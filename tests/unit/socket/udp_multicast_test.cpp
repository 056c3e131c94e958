// Datagrams for several hosts: every socket that fits gets one.
#include "models/socket/udp_multicast.h"

#include "socket_fixture.h"

#include "models/base/kernel_functions/socket.h"

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

// Ten sockets of one hash of port are still walked one by one (hslot->count > 10).
TEST_F(udp_to_several, BucketOfTenIsSearchedByPortAndOfElevenByAddress) {
    const auto by_address = [&] {
        receive_one();
        for (const auto& step : m_trace.steps())
            if (m_trace.calls()[step.call].function == fn::__udp4_lib_rcv &&
                step.step == path::__udp4_lib_rcv::mc_by_address)
                return true;
        return false;
    };
    for (std::uint32_t i = 0; i < 10; ++i) m_sockets.bind_udp({{0x0a000010 + i}, m_group.port});
    EXPECT_FALSE(by_address());
    m_sockets.bind_udp({{0x0a000030}, m_group.port});
    EXPECT_TRUE(by_address());
}

TEST_F(udp_to_several, SocketOfAnotherPortOrNamespaceInTheBucketGetsNone) {
    auto& other_port = m_sockets.bind_udp({{}, {static_cast<std::uint16_t>(m_group.port.value + 2048)}});
    ASSERT_EQ(&m_sockets.udp_table().port_bucket(m_group.port), &m_sockets.udp_table().port_bucket(other_port.skc_num));
    char other = 0;
    auto& other_namespace = m_sockets.bind_udp({{}, m_group.port});
    other_namespace.skc_net = namespace_at(other);
    receive_one();
    EXPECT_TRUE(other_port.sk_receive_queue.empty());
    EXPECT_TRUE(other_namespace.sk_receive_queue.empty());
}

TEST_F(udp_to_several, ConnectedSocketTakesItsPeersAddressOnly) {
    auto& sk = m_sockets.bind_udp({{}, m_group.port});
    m_sockets.connect_udp(sk, {m_client.address, {0}});  // any port of that host
    receive_from({{m_client.address.value + 1}, m_client.port});
    EXPECT_TRUE(sk.sk_receive_queue.empty());
    receive_one();
    EXPECT_EQ(sk.sk_receive_queue.size(), 1u);
}

// Each copy holds the packet's dst for itself, and gives it back.
TEST_F(udp_to_several, CopiesLeaveTheReferencesOfTheDstAsTheyWere) {
    for (int i = 0; i < 3; ++i) m_sockets.bind_udp({{}, m_group.port});
    const auto references = m_route->__rcuref.read();
    std::vector<std::uint8_t> bytes(108, 'x');
    put16(bytes, 0, m_client.port.value), put16(bytes, 2, m_group.port.value), put16(bytes, 4, 108);
    auto skb = make_skb(ipproto_udp, bytes, m_client, m_group);
    skb.dev = &m_nic;
    dst_hold(*m_route);
    skb_dst_set(skb, m_route);
    udp_rcv(m_context, m_sockets, skb);
    EXPECT_EQ(m_route->__rcuref.read(), references);
    EXPECT_EQ(skb.data, 28u) << "behind the headers, once";
}

// skb->dev->ifindex counts, not the first device of the packet.
TEST_F(udp_to_several, DeviceComparedIsTheOneThePacketIsIn) {
    auto& sk = m_sockets.bind_udp({{}, m_group.port}, nic0);
    m_interface = nic1;  // skb_iif
    receive_one();
    EXPECT_EQ(sk.sk_receive_queue.size(), 1u);
}

}  // namespace
}  // namespace rxpath
