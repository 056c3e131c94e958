// The caller's conditions: which packets ip_rcv_finish_core() sends through early demux.
#include "models/early_demux/ip_early_demux.h"

#include "early_demux_fixture.h"

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/ip.h"

namespace rxpath {
namespace {

using namespace path::ip_rcv_finish_core;
using testing::ElementsAre;
using testing::IsEmpty;

class ip_early_demux_caller : public early_demux_fixture {
protected:
    ip_early_demux_caller() { cache_dst(m_sk); }

    early_demux_outcome demux(const packet& from) {
        take(from, from.length.value, nic0());
        return demux_again();
    }
    early_demux_outcome demux_again() {
        m_trace.clear();
        kernel_call open{m_trace, fn::ip_rcv_finish_core};
        ip_early_demux(m_context, m_net, m_skb);
        return m_skb.early_demux;
    }
    std::size_t demux_calls() const { return calls_of(fn::tcp_v4_early_demux) + calls_of(fn::udp_v4_early_demux); }
    std::vector<int> steps() const { return steps_of(fn::ip_rcv_finish_core); }

    tcp_sock& m_sk = establish();
};

TEST_F(ip_early_demux_caller, TcpPacketIsDemuxedAndItsHitCountsAsRouted) {
    EXPECT_EQ(demux(tcp_packet()), early_demux_outcome::dst_reused);
    EXPECT_EQ(m_skb.routed_by, route_source::early_demux);
    EXPECT_EQ(calls_of(fn::tcp_v4_early_demux), 1u);
    EXPECT_THAT(steps(), ElementsAre(demux_considered, tcp, tcp_demux));
}

TEST_F(ip_early_demux_caller, MissIsNotRouted) {
    m_sk.sk_rx_dst_ifindex = nic1().ifindex;
    EXPECT_EQ(demux(tcp_packet()), early_demux_outcome::other_interface);
    EXPECT_EQ(m_skb.routed_by, route_source::none);
}

TEST_F(ip_early_demux_caller, IpEarlyDemuxOffTurnsItOffForEveryProtocol) {
    m_net.sysctls.ip_early_demux = 0;
    EXPECT_EQ(demux(tcp_packet()), early_demux_outcome::ip_early_demux_off);
    EXPECT_EQ(demux_calls(), 0u);
    EXPECT_THAT(steps(), IsEmpty());
    EXPECT_EQ(demux(udp_packet()), early_demux_outcome::ip_early_demux_off);
    EXPECT_EQ(demux_calls(), 0u);
}

TEST_F(ip_early_demux_caller, TcpEarlyDemuxOffTurnsItOffForTcpAlone) {
    m_net.sysctls.tcp_early_demux = 0;
    EXPECT_EQ(demux(tcp_packet()), early_demux_outcome::protocol_off);
    EXPECT_EQ(demux_calls(), 0u);
    EXPECT_THAT(steps(), ElementsAre(demux_considered, tcp));
    demux(udp_packet());
    EXPECT_EQ(calls_of(fn::udp_v4_early_demux), 1u);
}

TEST_F(ip_early_demux_caller, UdpEarlyDemuxOffTurnsItOffForUdpAlone) {
    m_net.sysctls.udp_early_demux = 0;
    EXPECT_EQ(demux(udp_packet()), early_demux_outcome::protocol_off);
    EXPECT_EQ(demux_calls(), 0u);
    EXPECT_THAT(steps(), ElementsAre(demux_considered, udp));
    demux(tcp_packet());
    EXPECT_EQ(calls_of(fn::tcp_v4_early_demux), 1u);
}

TEST_F(ip_early_demux_caller, UdpPacketIsDemuxed) {
    EXPECT_EQ(demux(udp_packet()), early_demux_outcome::no_socket);
    EXPECT_EQ(calls_of(fn::udp_v4_early_demux), 1u);
    EXPECT_THAT(steps(), ElementsAre(demux_considered, udp, udp_demux));
}

TEST_F(ip_early_demux_caller, PacketWithADstNeedsNone) {
    take(tcp_packet(), 40, nic0());
    skb_dst_set_noref(m_skb, m_sk.sk_rx_dst);
    EXPECT_EQ(demux_again(), early_demux_outcome::has_dst);
    EXPECT_EQ(demux_calls(), 0u);
    EXPECT_EQ(m_skb.sk, nullptr);
    EXPECT_THAT(steps(), ElementsAre(has_dst_already));
}

TEST_F(ip_early_demux_caller, PacketWithASocketKeepsIt) {
    auto& assigned = m_net.sockets.listen(m_server);
    take(tcp_packet(), 40, nic0());
    m_skb.sk = &assigned;
    EXPECT_EQ(demux_again(), early_demux_outcome::has_socket);
    EXPECT_EQ(demux_calls(), 0u);
    EXPECT_EQ(m_skb.sk, &assigned);
    EXPECT_THAT(steps(), ElementsAre(demux_considered));
}

TEST_F(ip_early_demux_caller, FirstAndLastFragmentAreNotDemuxed) {
    auto first = tcp_packet(), last = tcp_packet();
    first.bytes[6] = 0x20;  // more fragments
    last.bytes[6] = 0;
    last.bytes[7] = 1;  // offset of 8 bytes
    for (const auto& fragment : {first, last}) {
        EXPECT_EQ(demux(fragment), early_demux_outcome::fragment);
        EXPECT_EQ(demux_calls(), 0u);
    }
}

TEST_F(ip_early_demux_caller, DontFragmentIsNoFragment) {
    auto frame = tcp_packet();
    frame.bytes[6] = 0x40;
    EXPECT_EQ(demux(frame), early_demux_outcome::dst_reused);
}

TEST_F(ip_early_demux_caller, OtherProtocolsHaveNoEarlyDemux) {
    auto frame = tcp_packet();
    frame.bytes[9] = ipproto_icmp;
    EXPECT_EQ(demux(frame), early_demux_outcome::other_protocol);
    EXPECT_EQ(demux_calls(), 0u);
    EXPECT_THAT(steps(), ElementsAre(demux_considered, other_protocol));
}

}  // namespace
}  // namespace rxpath
