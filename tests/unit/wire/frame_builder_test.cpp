// Frames as a receiver checks them.
#include "models/wire/frame_builder.h"

#include <gtest/gtest.h>

#include "models/base/checksum.h"

namespace rxpath {
namespace {

const endpoint client{{0x0a000002}, {40000}}, server{{0x0a000001}, {80}};

// All bytes of the packet; the payload, which is not kept, is zeros.
std::vector<std::uint8_t> whole(const packet& frame) {
    auto bytes = frame.bytes;
    bytes.resize(frame.length.value);
    return bytes;
}
bool ip_checksum_holds(const packet& frame) { return csum_fold(internet_sum(frame.bytes.data(), 20)) == 0xffff; }
bool transport_checksum_holds(const packet& frame, std::uint8_t protocol) {
    const auto bytes = whole(frame);
    const auto size = static_cast<std::uint32_t>(bytes.size() - 20);
    const auto pseudo = csum_tcpudp_nofold(client.address, server.address, size, protocol);
    return csum_fold(pseudo + internet_sum(bytes.data() + 20, size)) == 0xffff;
}

class tcp_frame : public testing::TestWithParam<std::uint64_t> {};

TEST_P(tcp_frame, ChecksumsHoldForAnyPayload) {
    tcp_segment segment;
    segment.from = client;
    segment.to = server;
    segment.payload = {GetParam()};
    packet frame;
    build_tcp(frame, segment, 7);
    EXPECT_EQ(frame.length.value, 40 + GetParam());
    EXPECT_TRUE(ip_checksum_holds(frame));
    EXPECT_TRUE(transport_checksum_holds(frame, ipproto_tcp));
}
INSTANTIATE_TEST_SUITE_P(sizes, tcp_frame, testing::Values(0u, 1u, 100u, 1460u));

TEST(frame_builder, TcpHeaderSaysWhatTheSegmentSays) {
    tcp_segment segment{client, server, {100}, {200}, tcphdr_syn | tcphdr_ack, 5000, 1460, {}};
    packet frame;
    build_tcp(frame, segment, 7);
    const byte_view bytes{frame.bytes.data(), frame.bytes.size()};
    const auto ip = *ipv4_header_view::at(bytes, 0);
    EXPECT_EQ(ip.tot_len(), 44u);
    EXPECT_EQ(ip.id(), 7u);
    EXPECT_EQ(ip.saddr(), client.address);
    EXPECT_EQ(ip.daddr(), server.address);
    const auto tcp = *tcp_header_view::at(bytes, 20);
    EXPECT_EQ(tcp.source(), client.port);
    EXPECT_EQ(tcp.dest(), server.port);
    EXPECT_EQ(tcp.seq(), tcp_sequence{100});
    EXPECT_EQ(tcp.ack_seq(), tcp_sequence{200});
    EXPECT_TRUE(tcp.syn() && tcp.ack());
    EXPECT_EQ(tcp.window(), 5000u);
    EXPECT_EQ(tcp.doff(), 6u);                                   // with an option of 4 bytes
    EXPECT_EQ(load_be32(frame.bytes.data() + 40), 0x020405b4u);  // MSS 1460 (RFC 9293, section 3.2)
    EXPECT_TRUE(transport_checksum_holds(frame, ipproto_tcp));
}

TEST(frame_builder, UdpChecksumHolds) {
    for (std::uint64_t payload : {0u, 1u, 512u}) {
        packet frame;
        build_udp(frame, client, server, {payload}, 1);
        EXPECT_TRUE(ip_checksum_holds(frame));
        EXPECT_TRUE(transport_checksum_holds(frame, ipproto_udp));
        EXPECT_EQ(udp_header_view::at({frame.bytes.data(), frame.bytes.size()}, 20)->len(), 8 + payload);
    }
}

// RFC 768: a checksum that comes out as zero is sent as all ones, since zero says that there is none.
TEST(frame_builder, UdpChecksumIsNeverZero) {
    for (std::uint32_t port = 0; port < 65536; ++port) {
        packet frame;
        build_udp(frame, {client.address, {static_cast<std::uint16_t>(port)}}, server, {}, 1);
        ASSERT_NE(load_be16(frame.bytes.data() + 26), 0u) << port;
    }
}

}  // namespace
}  // namespace rxpath
