// Sockets that are no struct sock: the packet gets them, and no dst is looked at.
#include "early_demux_fixture.h"

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

using namespace path::tcp_v4_early_demux;
using testing::ElementsAre;

class tcp_early_demux_no_full_socket : public early_demux_fixture {
protected:
    // What follows early demux: the socket layer has the packet.
    void receive(const packet& frame) {
        fill(m_skb, frame);
        m_skb.transport_header = ipv4_header_view::size;
        m_skb.pull(ipv4_header_view::size);
        tcp_v4_rcv(m_context, m_net.sockets, m_skb);
        m_skb.sk = nullptr;
        m_skb.destructor = nullptr;
    }
    void expect_found_without_dst(tcp_state state) {
        EXPECT_EQ(demux_tcp(), early_demux_outcome::no_full_socket);
        ASSERT_NE(m_skb.sk, nullptr);
        EXPECT_EQ(m_skb.sk->skc_state, state);
        EXPECT_EQ(m_skb.destructor, &sock_edemux);
        EXPECT_EQ(skb_dst(m_skb), nullptr);
        EXPECT_EQ(calls_of(fn::ipv4_dst_check), 0u);
        EXPECT_THAT(tcp_steps(), ElementsAre(lookup, socket_found));
    }
};

TEST_F(tcp_early_demux_no_full_socket, NewSynRecv) {
    m_net.sockets.listen(m_server);
    receive(tcp_packet(tcphdr_syn));
    ASSERT_EQ(m_net.sockets.request_count(), 1u);
    expect_found_without_dst(TCP_NEW_SYN_RECV);
}

TEST_F(tcp_early_demux_no_full_socket, TimeWait) {
    auto& sk = establish();
    m_net.sockets.close(m_context, sk);
    auto ack_of_fin = tcp_packet();
    ack_of_fin.bytes[31] = 2;  // the FIN was number 1
    receive(ack_of_fin);
    ASSERT_EQ(m_net.sockets.timewait_count(), 1u);
    expect_found_without_dst(TCP_TIME_WAIT);
}

// A socket on its way to close is a full socket: its dst is used.
TEST_F(tcp_early_demux_no_full_socket, FinWaitIsAFullSocket) {
    auto& sk = establish();
    cache_dst(sk);
    m_net.sockets.close(m_context, sk);
    ASSERT_EQ(sk.skc_state, TCP_FIN_WAIT1);
    EXPECT_EQ(demux_tcp(), early_demux_outcome::dst_reused);
}

}  // namespace
}  // namespace rxpath
