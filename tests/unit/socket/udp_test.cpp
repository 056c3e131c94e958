#include "models/socket/udp.h"

#include "models/base/kernel_functions/socket.h"
#include "models/socket/udp_lookup.h"

#include "socket_fixture.h"

namespace rxpath {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class udp : public socket_fixture {
protected:
    sk_buff datagram(endpoint from, endpoint to, std::uint32_t payload = 100) {
        std::vector<std::uint8_t> bytes(8 + payload, 'x');
        put16(bytes, 0, from.port.value);
        put16(bytes, 2, to.port.value);
        put16(bytes, 4, static_cast<std::uint16_t>(bytes.size()));
        put16(bytes, 6, 1);
        return make_skb(ipproto_udp, bytes, from, to);
    }
    std::vector<received_packet> recv(udp_sock& sk) {
        std::vector<received_packet> read;
        m_sockets.recv(m_context, sk, read);
        return read;
    }
    const endpoint m_local{m_server.address, {5000}}, m_peer{m_client.address, {6000}};
};

TEST_F(udp, DatagramIsQueuedAndWakesTheReader) {
    auto& sk = m_sockets.bind_udp(m_local);
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(sk.unread_bytes(), 100u);
    EXPECT_THAT(m_context.woken, ElementsAre(&sk));
    EXPECT_EQ(m_sockets.recv_all(m_context, sk), 100u);
    EXPECT_EQ(sk.sk_rmem_alloc, 0u);
}

TEST_F(udp, OneCallReadsOneDatagram) {
    auto& sk = m_sockets.bind_udp(m_local);
    receive(datagram(m_peer, m_local, 100));
    receive(datagram(m_peer, m_local, 200));
    const auto first = recv(sk);
    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0].bytes, 100u);
    EXPECT_EQ(sk.unread_bytes(), 200u);
    EXPECT_EQ(recv(sk).at(0).bytes, 200u);
    EXPECT_TRUE(recv(sk).empty());
}

// udp_destruct_common()
TEST_F(udp, DatagramsThatNobodyReadAreDroppedWithTheSocket) {
    auto& sk = m_sockets.bind_udp(m_local);
    receive(datagram(m_peer, m_local));
    receive(datagram(m_peer, m_local));
    recv(sk);
    m_context.dropped.clear();
    m_sockets.close(m_context, sk);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(udp, PageReservedForTheFirstDatagramServesTheNext) {
    auto& sk = m_sockets.bind_udp(m_local);
    receive(datagram(m_peer, m_local));
    m_sockets.recv_all(m_context, sk);
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(calls_of(fn::__sk_mem_schedule), 0u);
}

TEST_F(udp, ClosedPortIsAnsweredWithAnIcmpError) {
    static int answered;
    answered = 0;
    m_sockets.set_icmp_sender([](receive_context&, network_namespace&, sk_buff&, const icmp_error& error) {
        answered += error.type == icmp_dest_unreach && error.code == icmp_port_unreach ? 1 : 100;
    });
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(answered, 1);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
}

TEST_F(udp, ConnectedSocketTakesItsPeerOnly) {
    auto& sk = m_sockets.bind_udp(m_local);
    m_sockets.connect_udp(sk, m_peer);
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(sk.sk_receive_queue.size(), 1u);
    receive(datagram({m_client.address, {6001}}, m_local));
    receive(datagram({{1}, m_peer.port}, m_local));
    EXPECT_EQ(sk.sk_receive_queue.size(), 1u);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NO_SOCKET));
}

TEST_F(udp, ConnectedBeatsUnconnectedAndAddressBeatsAny) {
    auto& any = m_sockets.bind_udp({{}, m_local.port});
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(any.sk_receive_queue.size(), 1u);
    auto& connected = m_sockets.bind_udp(m_local);
    m_sockets.connect_udp(connected, m_peer);
    auto& unconnected = m_sockets.bind_udp(m_local);
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(connected.sk_receive_queue.size(), 1u);
    receive(datagram({m_client.address, {6001}}, m_local));
    EXPECT_EQ(unconnected.sk_receive_queue.size(), 1u);
    EXPECT_EQ(any.sk_receive_queue.size(), 1u);
}

// connect() gives the socket the address that routing chose, and its bucket with it.
TEST_F(udp, UnboundSocketIsFoundByItsAddressOnceConnected) {
    auto& sk = m_sockets.bind_udp({{}, m_local.port});
    m_sockets.connect_udp(sk, m_peer, m_local.address);
    EXPECT_EQ(sk.skc_rcv_saddr, m_local.address);
    EXPECT_EQ(
        __udp4_lib_demux_lookup(m_sockets, m_local.port, m_local.address, m_peer.port, m_peer.address, nic0, 0).sk,
        &sk);
}

TEST_F(udp, BoundToTheDeviceBeatsUnbound) {
    auto& bound = m_sockets.bind_udp(m_local, nic0);
    auto& unbound = m_sockets.bind_udp(m_local);
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(bound.sk_receive_queue.size(), 1u);
    m_interface = nic1;
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(unbound.sk_receive_queue.size(), 1u);
}

TEST_F(udp, EarlyDemuxFindsTheConnectedSocketIfItIsTheFirstOfItsBucket) {
    auto& sk = m_sockets.bind_udp(m_local);
    const auto find = [&](int dif = nic0) {
        return __udp4_lib_demux_lookup(m_sockets, m_local.port, m_local.address, m_peer.port, m_peer.address, dif, 0)
            .sk;
    };
    EXPECT_EQ(find(), nullptr);
    m_sockets.connect_udp(sk, m_peer);
    EXPECT_EQ(find(), &sk);
    m_sockets.bind_to_device(sk, nic1);
    EXPECT_EQ(find(), nullptr);
    EXPECT_EQ(find(nic1), &sk);
    m_sockets.bind_udp(m_local);  // newer, so first
    EXPECT_EQ(find(nic1), nullptr);
}

TEST_F(udp, SocketOfEarlyDemuxLearnsAChangedDstOnly) {
    auto& sk = m_sockets.bind_udp(m_local);
    m_sockets.connect_udp(sk, m_peer);
    const auto receive_demuxed = [&] {
        auto skb = datagram(m_peer, m_local);
        skb.sk = &sk;
        skb.destructor = sock_pfree;
        receive(skb);
    };
    receive_demuxed();
    EXPECT_EQ(sk.sk_rx_dst, m_route);
    receive_demuxed();
    EXPECT_EQ(calls_of(fn::udp_sk_rx_dst_set), 0u);
    auto* first = m_route;
    m_route = &make_route();
    receive_demuxed();
    EXPECT_EQ(sk.sk_rx_dst, m_route);
    EXPECT_EQ(first->__rcuref.read(), 1u);
    EXPECT_EQ(calls_of(fn::__udp4_lib_lookup), 0u);
}

TEST_F(udp, SocketFoundByLookupLearnsNoDst) {
    auto& sk = m_sockets.bind_udp(m_local);
    receive(datagram(m_peer, m_local));
    EXPECT_EQ(sk.sk_rx_dst, nullptr);
}

TEST_F(udp, WrongLengthsAreDropped) {
    m_sockets.bind_udp(m_local);
    auto longer = datagram(m_peer, m_local);
    longer.head[longer.transport_header + 4] = 1;
    receive(longer);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::PKT_TOO_SMALL));
    auto shorter = datagram(m_peer, m_local);
    shorter.head[shorter.transport_header + 5] = 7;
    receive(shorter);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::PKT_TOO_SMALL));
    auto truncated = datagram(m_peer, m_local);
    truncated.trim(7);
    receive(truncated);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::NOT_SPECIFIED));
}

TEST_F(udp, PaddingAfterTheDatagramIsCutOff) {
    auto& sk = m_sockets.bind_udp(m_local);
    auto skb = datagram(m_peer, m_local, 100);
    put16(skb.head, skb.transport_header + 4, 8 + 60);
    receive(skb);
    EXPECT_EQ(sk.unread_bytes(), 60u);
}

TEST_F(udp, FullReceiveBufferDrops) {
    auto& sk = m_sockets.bind_udp(m_local);
    sk.sk_rmem_alloc = sk.sk_rcvbuf + 1;
    receive(datagram(m_peer, m_local));
    EXPECT_THAT(drops(), ElementsAre(drop_reason::SOCKET_RCVBUFF));
    EXPECT_EQ(sk.sk_drops, 1u);
}

TEST_F(udp, ShortDatagramWithAWrongChecksumIsDropped) {
    m_sockets.bind_udp(m_local);
    auto skb = datagram(m_peer, m_local, 10);
    skb.ip_summed = ip_summed_state::none;
    receive(skb);
    EXPECT_THAT(drops(), ElementsAre(drop_reason::UDP_CSUM));
    auto without = datagram(m_peer, m_local, 10);
    without.ip_summed = ip_summed_state::none;
    put16(without.head, without.transport_header + 6, 0);  // 0: the sender computed none
    receive(without);
    EXPECT_THAT(drops(), IsEmpty());
}

}  // namespace
}  // namespace rxpath
