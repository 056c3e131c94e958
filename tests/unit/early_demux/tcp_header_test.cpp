// What tcp_v4_early_demux() asks of a packet before it looks for a socket.
#include "early_demux_fixture.h"

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

using namespace path::tcp_v4_early_demux;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class tcp_early_demux_header : public early_demux_fixture {
protected:
    // The connection is there: only the header can be to blame when it is not found.
    void expect_no_lookup() {
        EXPECT_EQ(calls_of(fn::__inet_lookup_established), 0u);
        EXPECT_EQ(m_skb.sk, nullptr);
        EXPECT_EQ(skb_dst(m_skb), nullptr);
    }
    tcp_sock& m_sk = establish();
};

class tcp_early_demux_packet_type : public tcp_early_demux_header, public testing::WithParamInterface<packet_type> {};

TEST_P(tcp_early_demux_packet_type, OtherThanHostIsNotLookedUp) {
    auto frame = tcp_packet();
    frame.type = GetParam();
    EXPECT_EQ(demux_tcp(frame), early_demux_outcome::not_packet_host);
    expect_no_lookup();
    EXPECT_THAT(tcp_steps(), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(every, tcp_early_demux_packet_type,
                         testing::Values(packet_type::broadcast, packet_type::multicast, packet_type::otherhost));

TEST_F(tcp_early_demux_header, PacketTypeIsAskedBeforeTheHeaderIsPulled) {
    auto frame = tcp_packet();
    frame.type = packet_type::otherhost;
    demux_tcp(frame, 20, nic0());
    EXPECT_EQ(calls_of(fn::__pskb_pull_tail), 0u);
}

TEST_F(tcp_early_demux_header, OneByteShortCannotBePulled) {
    auto frame = tcp_packet();
    frame.bytes.resize(39);  // 20 bytes of IP and 19 of TCP
    frame.length = {39};
    EXPECT_EQ(demux_tcp(frame), early_demux_outcome::header_too_short);
    expect_no_lookup();
    EXPECT_THAT(tcp_steps(), ElementsAre(header_too_short));
}

TEST_F(tcp_early_demux_header, HeaderInPagesIsPulledIntoTheLinearPart) {
    EXPECT_EQ(demux_tcp(tcp_packet(tcphdr_ack, 100), 39, nic0()), early_demux_outcome::no_rx_dst);
    EXPECT_EQ(m_skb.sk, &m_sk);
    EXPECT_EQ(m_skb.headlen(), 40u);
    EXPECT_EQ(calls_of(fn::__pskb_pull_tail), 1u);
    EXPECT_THAT(tcp_steps(), Contains(header_pulled));
}

TEST_F(tcp_early_demux_header, HeaderThatIsLinearIsNotPulled) {
    EXPECT_EQ(demux_tcp(tcp_packet(tcphdr_ack, 100), 40, nic0()), early_demux_outcome::no_rx_dst);
    EXPECT_EQ(m_skb.headlen(), 40u);
    EXPECT_EQ(calls_of(fn::__pskb_pull_tail), 0u);
    EXPECT_THAT(tcp_steps(), Not(Contains(header_pulled)));
}

TEST_F(tcp_early_demux_header, DataOffsetBelowFiveWordsIsRefused) {
    auto frame = tcp_packet();
    frame.bytes[32] = 4 << 4;
    EXPECT_EQ(demux_tcp(frame), early_demux_outcome::bad_doff);
    expect_no_lookup();
    EXPECT_THAT(tcp_steps(), ElementsAre(bad_doff));
}

// Options are not pulled here: their length is no business of early demux.
TEST_F(tcp_early_demux_header, DataOffsetBeyondThePacketIsAccepted) {
    auto frame = tcp_packet();
    frame.bytes[32] = 15 << 4;
    EXPECT_EQ(demux_tcp(frame), early_demux_outcome::no_rx_dst);
    EXPECT_EQ(m_skb.sk, &m_sk);
}

}  // namespace
}  // namespace rxpath
