// dev_gro_receive(): which packets pass up at once and which are held, and whether the checksum had to be computed.
#include "models/napi/gro.h"

#include "models/base/checksum.h"
#include "models/base/kernel_functions/napi.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {
namespace {

using testing::Contains;
using testing::ElementsAre;

class gro : public path_fixture {
protected:
    gro_result receive(const packet& from) {
        fill(m_skb, from);
        m_trace.clear();
        return dev_gro_receive(m_context, m_skb);
    }
    static packet unverified(packet frame) {
        frame.csum_verified_by_nic = false;
        return frame;
    }
};

TEST_F(gro, DataWithoutPushIsHeld) {
    EXPECT_EQ(receive(tcp_packet(tcphdr_ack, 100)), gro_result::held);
    EXPECT_THAT(steps_of(fn::dev_gro_receive), Contains(path::dev_gro_receive::held));
    EXPECT_EQ(m_skb.transport_header, 20u);
}

TEST_F(gro, OneByteOfDataIsEnough) { EXPECT_EQ(receive(tcp_packet(tcphdr_ack, 1)), gro_result::held); }

TEST_F(gro, SegmentWithoutDataPassesUp) { EXPECT_EQ(receive(tcp_packet(tcphdr_ack, 0)), gro_result::normal); }

class gro_flag : public gro, public testing::WithParamInterface<std::uint8_t> {};

TEST_P(gro_flag, EndsABurst) {
    const auto flags = static_cast<std::uint8_t>(tcphdr_ack | GetParam());
    EXPECT_EQ(receive(tcp_packet(flags, 100)), gro_result::normal);
}
INSTANTIATE_TEST_SUITE_P(every, gro_flag, testing::Values(tcphdr_fin, tcphdr_syn, tcphdr_rst, tcphdr_psh, tcphdr_urg));

TEST_F(gro, PaddedPacketPassesUp) {
    auto frame = tcp_packet(tcphdr_ack, 1);
    frame.length = {46};
    EXPECT_EQ(receive(frame), gro_result::normal);
}

TEST_F(gro, ChecksumVerifiedByTheNicIsNotComputed) {
    receive(tcp_packet(tcphdr_ack, 100));
    EXPECT_EQ(calls_of(fn::__skb_gro_checksum_complete), 0u);
    EXPECT_THAT(steps_of(fn::tcp4_gro_receive), ElementsAre(path::tcp4_gro_receive::checksum_known));
}

TEST_F(gro, ChecksumNobodyVerifiedIsComputedOnce) {
    EXPECT_EQ(receive(unverified(tcp_packet(tcphdr_ack, 100))), gro_result::held);
    EXPECT_EQ(calls_of(fn::__skb_gro_checksum_complete), 1u);
    EXPECT_EQ(m_skb.ip_summed, ip_summed_state::unnecessary);  // known from here on
}

TEST_F(gro, WrongChecksumPassesUpUnverified) {
    auto frame = unverified(tcp_packet(tcphdr_ack, 100));
    frame.bytes[36] ^= 1;
    EXPECT_EQ(receive(frame), gro_result::normal);
    EXPECT_EQ(m_skb.ip_summed, ip_summed_state::none);
    EXPECT_THAT(steps_of(fn::tcp4_gro_receive), Contains(path::tcp4_gro_receive::checksum_wrong));
}

TEST_F(gro, BadDataOffsetPassesUp) {
    auto frame = tcp_packet(tcphdr_ack, 100);
    frame.bytes[32] = 4 << 4;
    EXPECT_EQ(receive(frame), gro_result::normal);
    EXPECT_THAT(steps_of(fn::tcp_gro_pull_header), ElementsAre(path::tcp_gro_pull_header::doff_too_small));
}

TEST_F(gro, DatagramIsNeverHeldButVerified) {
    EXPECT_EQ(receive(unverified(udp_packet())), gro_result::normal);
    EXPECT_EQ(m_skb.ip_summed, ip_summed_state::unnecessary);
    EXPECT_EQ(calls_of(fn::__skb_gro_checksum_complete), 1u);
}

TEST_F(gro, DatagramWithoutAChecksumHasNoneToVerify) {
    auto frame = unverified(udp_packet());
    frame.bytes[26] = frame.bytes[27] = 0;
    receive(frame);
    EXPECT_EQ(calls_of(fn::__skb_gro_checksum_complete), 0u);
}

// It passes up in any case, and the lengths of its headers do not agree: who reads it will verify it.
TEST_F(gro, PaddedDatagramIsNotVerified) {
    auto frame = unverified(udp_packet());
    frame.length.value += 6;
    frame.bytes.resize(frame.length.value);
    EXPECT_EQ(receive(frame), gro_result::normal);
    EXPECT_EQ(calls_of(fn::__skb_gro_checksum_complete), 0u);
    EXPECT_THAT(steps_of(fn::udp4_gro_receive), ElementsAre(path::udp4_gro_receive::flush_decided));
}

TEST_F(gro, OtherProtocolIsNotLookedInto) {
    auto frame = tcp_packet(tcphdr_ack, 100);
    frame.bytes[9] = ipproto_icmp;
    EXPECT_EQ(receive(frame), gro_result::normal);
    EXPECT_THAT(steps_of(fn::inet_gro_receive), ElementsAre(path::inet_gro_receive::no_callback));
}

TEST_F(gro, FragmentPassesUp) {
    auto frame = tcp_packet(tcphdr_ack, 100);
    frame.bytes[6] = 0x20;
    EXPECT_EQ(receive(frame), gro_result::normal);
    EXPECT_EQ(calls_of(fn::tcp4_gro_receive), 0u);
}

TEST_F(gro, WrongHeaderChecksumPassesUp) {
    auto frame = tcp_packet(tcphdr_ack, 100);
    frame.bytes[10] ^= 1;
    EXPECT_EQ(receive(frame), gro_result::normal);
    EXPECT_EQ(calls_of(fn::tcp4_gro_receive), 0u);
}

}  // namespace
}  // namespace rxpath
