// What rxpath explain says of early demux: each outcome has a sentence with the values that were compared.
#include <array>

#include "early_demux_fixture.h"
#include "models/base/kernel_functions/ip.h"
#include "models/early_demux/ip_early_demux.h"

namespace rxpath {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

class early_demux_reasons : public early_demux_fixture {
protected:
    early_demux_reasons() { m_trace.keep_reasons(true); }

    std::vector<std::string> reasons() const {
        std::vector<std::string> texts;
        for (const auto& each : m_trace.reasons()) texts.push_back(each.text);
        return texts;
    }
    std::vector<std::string> reasons_of_caller(const packet& from) {
        take(from, from.length.value, nic0());
        kernel_call open{m_trace, fn::ip_rcv_finish_core};
        ip_early_demux(m_context, m_net, m_skb);
        return reasons();
    }
    std::string generations(std::int32_t of_dst) const {
        return fmt::format("generation (rt_genid) {}, the namespace of {}", of_dst, m_net.routing.rt_genid());
    }
};

TEST_F(early_demux_reasons, HitNamesTheInterfaceAndThatNoReferenceIsTaken) {
    cache_dst(establish());
    const auto said = reasons_of_caller(tcp_packet());
    EXPECT_THAT(said, Contains("sk_rx_dst is still valid"));
    EXPECT_THAT(said,
                Contains(fmt::format("sk_rx_dst was learnt on interface {}, as this packet came on", nic0().ifindex)));
    EXPECT_THAT(said, Contains(HasSubstr("without a reference (NOREF)")));
}

// The interfaces are the same: it is the generation that differs, and nothing else may be said.
TEST_F(early_demux_reasons, OldGenerationIsSaidWithBothNumbersAndWithoutInterfaces) {
    auto& dst = cache_dst(establish());
    const auto of_dst = rtable_of(dst).rt_genid;
    m_net.routing.rt_cache_flush();
    EXPECT_EQ(demux_tcp(), early_demux_outcome::rx_dst_obsolete);
    EXPECT_THAT(reasons(), Contains("sk_rx_dst may not be used again: the dst is of " + generations(of_dst)));
    EXPECT_THAT(reasons(), Each(Not(HasSubstr("interface"))));
}

TEST_F(early_demux_reasons, ObsoleteMarkIsSaidWithItsNumber) {
    cache_dst(establish()).obsolete = dst_obsolete::dead;
    demux_tcp();
    EXPECT_THAT(reasons(), Contains(HasSubstr("the dst is marked obsolete (2)")));
    EXPECT_THAT(reasons(), Each(Not(HasSubstr("generation"))));
}

TEST_F(early_demux_reasons, DstThatIsNotObsoleteNeedsNoCheck) {
    cache_dst(establish()).obsolete = dst_obsolete::none;
    demux_tcp();
    EXPECT_THAT(reasons(), Contains("sk_rx_dst needs no check: it is not obsolete (0)"));
}

TEST_F(early_demux_reasons, OtherInterfaceIsSaidWithBoth) {
    cache_dst(establish());
    EXPECT_EQ(demux_tcp(tcp_packet(), nic1()), early_demux_outcome::other_interface);
    EXPECT_THAT(reasons(), Contains(fmt::format("sk_rx_dst is not for this packet: learnt on interface {}, the packet "
                                                "came on {}",
                                                nic0().ifindex, nic1().ifindex)));
}

TEST_F(early_demux_reasons, MissingDstIsSaid) {
    establish();
    EXPECT_EQ(demux_tcp(), early_demux_outcome::no_rx_dst);
    EXPECT_THAT(reasons(), Contains("the socket has no sk_rx_dst"));
}

TEST_F(early_demux_reasons, MissingSocketIsSaidWithBothEnds) {
    EXPECT_EQ(demux_tcp(), early_demux_outcome::no_socket);
    EXPECT_THAT(reasons(), Contains("no socket of 10.0.0.2:40000 and 10.0.0.1:80 among 0 in the bucket"));
}

TEST_F(early_demux_reasons, SocketThatIsNotFullIsSaidWithItsState) {
    establish().skc_state = TCP_TIME_WAIT;
    EXPECT_EQ(demux_tcp(), early_demux_outcome::no_full_socket);
    EXPECT_THAT(reasons(), Contains("the socket is in TIME_WAIT: not a full one, it keeps no dst"));
}

TEST_F(early_demux_reasons, ShortPacketIsSaidWithItsLength) {
    auto frame = tcp_packet();
    frame.bytes.resize(30);
    frame.length = {30};
    EXPECT_EQ(demux_tcp(frame), early_demux_outcome::header_too_short);
    EXPECT_THAT(reasons(), Contains("30 bytes of the packet are left, the headers up to here take 40"));
}

TEST_F(early_demux_reasons, BadDataOffsetIsSaid) {
    auto frame = tcp_packet();
    frame.bytes[32] = 0x40;
    EXPECT_EQ(demux_tcp(frame), early_demux_outcome::bad_doff);
    EXPECT_THAT(reasons(), Contains("the TCP header says 4 words, 5 are the least"));
}

TEST_F(early_demux_reasons, PacketOfAnotherHostIsSaid) {
    auto frame = tcp_packet();
    frame.type = packet_type::otherhost;
    EXPECT_EQ(demux_tcp(frame), early_demux_outcome::not_packet_host);
    EXPECT_THAT(reasons(), Contains(HasSubstr("pkt_type")));
}

TEST_F(early_demux_reasons, SettingThatTurnsItOffIsNamed) {
    m_net.sysctls.tcp_early_demux = 0;
    EXPECT_THAT(reasons_of_caller(tcp_packet()), Contains("no early demux: net.ipv4.tcp_early_demux is 0"));
    m_net.sysctls.udp_early_demux = 0;
    EXPECT_THAT(reasons_of_caller(udp_packet()), Contains("no early demux: net.ipv4.udp_early_demux is 0"));
    m_net.sysctls.ip_early_demux = 0;
    EXPECT_THAT(reasons_of_caller(tcp_packet()), Contains("no early demux: net.ipv4.ip_early_demux is 0"));
}

TEST_F(early_demux_reasons, ProtocolWithoutEarlyDemuxIsSaid) {
    auto frame = tcp_packet();
    frame.bytes[9] = ipproto_icmp;
    EXPECT_THAT(reasons_of_caller(frame), Contains("no early demux: protocol 1 is neither TCP (6) nor UDP (17)"));
}

TEST_F(early_demux_reasons, FragmentIsSaid) {
    auto frame = tcp_packet();
    frame.bytes[6] = 0x20;
    EXPECT_THAT(reasons_of_caller(frame), Contains(HasSubstr("fragment")));
}

TEST_F(early_demux_reasons, DatagramWithoutAConnectedSocketIsSaidWithBothEnds) {
    demux_udp();
    EXPECT_THAT(reasons(),
                Contains("the first socket on 10.0.0.1:80 is not connected to 10.0.0.2:40000, or there is none"));
}

}  // namespace
}  // namespace rxpath
