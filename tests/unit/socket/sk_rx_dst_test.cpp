// When a socket learns the dst that early demux will reuse, and when it forgets it.
#include "socket_fixture.h"

#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

class sk_rx_dst : public socket_fixture {};

TEST_F(sk_rx_dst, HandshakeSetsItFromTheThirdPacket) {
    auto& sk = connect();
    EXPECT_EQ(sk.sk_rx_dst, m_route);
    EXPECT_EQ(sk.sk_rx_dst_ifindex, nic0);
    EXPECT_EQ(m_route->__rcuref.read(), 2u);  // ours and the socket's
}

TEST_F(sk_rx_dst, ValidOneOfTheSameInterfaceIsKept) {
    auto& sk = connect();
    auto* first = m_route;
    m_route = &make_route();
    receive_data(sk);
    EXPECT_EQ(sk.sk_rx_dst, first);
    EXPECT_EQ(calls_of(fn::inet_sk_rx_dst_set), 0u);
}

TEST_F(sk_rx_dst, ObsoleteOneIsReplacedByThePacketsAndReleased) {
    auto& sk = connect();
    auto* first = m_route;
    obsolete(*first);
    m_route = &make_route();
    receive_data(sk);
    EXPECT_EQ(sk.sk_rx_dst, m_route);
    EXPECT_EQ(first->__rcuref.read(), 1u);
    EXPECT_EQ(calls_of(fn::inet_sk_rx_dst_set), 1u);
}

TEST_F(sk_rx_dst, PacketOfAnotherInterfaceReplacesItUnchecked) {
    auto& sk = connect();
    m_interface = nic1;
    m_route = &make_route();
    m_ops.check = [](receive_context&, dst_entry&, std::uint32_t) -> dst_entry* {
        ADD_FAILURE() << "another interface's dst needs no check";
        return nullptr;
    };
    receive_data(sk);
    EXPECT_EQ(sk.sk_rx_dst, m_route);
    EXPECT_EQ(sk.sk_rx_dst_ifindex, nic1);
}

TEST_F(sk_rx_dst, IsNotCheckedInOtherStatesThanEstablished) {
    auto& sk = connect();
    auto* first = m_route;
    m_sockets.close(m_context, sk);
    obsolete(*first);
    m_route = &make_route();
    receive({tcphdr_ack, client_isn + 1, server_isn + 1});  // does not acknowledge the FIN
    EXPECT_EQ(sk.sk_rx_dst, first);
}

TEST_F(sk_rx_dst, PacketWithoutADstLeavesItUnset) {
    auto& sk = m_sockets.establish(m_server, m_client, {1}, {1}, 65535);
    auto skb = tcp_skb({tcphdr_ack | tcphdr_psh, 1, 1, 100}, m_client, m_server);
    skb._skb_refdst = 0;
    receive(skb);
    EXPECT_EQ(sk.sk_rx_dst, nullptr);
    EXPECT_EQ(sk.unread_bytes(), 100u);
}

TEST_F(sk_rx_dst, ExistingConnectionLearnsItFromItsFirstPacket) {
    auto& sk = m_sockets.establish(m_server, m_client, {1}, {1}, 65535);
    EXPECT_EQ(sk.sk_rx_dst, nullptr);
    receive_data(sk);
    EXPECT_EQ(sk.sk_rx_dst, m_route);
}

TEST_F(sk_rx_dst, FreedSocketReleasesIt) {
    auto& sk = connect();
    receive({tcphdr_rst, client_isn + 1});
    EXPECT_EQ(m_route->__rcuref.read(), 2u);
    m_sockets.close(m_context, sk);
    EXPECT_EQ(m_route->__rcuref.read(), 1u);
}

TEST_F(sk_rx_dst, TimeWaitHasNone) {
    auto& sk = connect();
    m_sockets.close(m_context, sk);
    receive({tcphdr_ack, client_isn + 1, server_isn + 2});
    EXPECT_EQ(m_sockets.timewait_count(), 1u);
    EXPECT_EQ(m_route->__rcuref.read(), 1u);
}

}  // namespace
}  // namespace rxpath
