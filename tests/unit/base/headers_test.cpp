#include "models/base/headers.h"

#include <gtest/gtest.h>

#include <vector>

namespace rxpath {
namespace {

// A SYN from 10.0.0.2:40000 to 10.0.0.1:80, as recorded.
const std::vector<std::uint8_t> syn = {0x45, 0x00, 0x00, 0x2c, 0x00, 0x01, 0x40, 0x00, 0x40, 0x06, 0x26,
                                       0xc9, 0x0a, 0x00, 0x00, 0x02, 0x0a, 0x00, 0x00, 0x01, 0x9c, 0x40,
                                       0x00, 0x50, 0x00, 0x00, 0x03, 0xe8, 0x00, 0x00, 0x00, 0x00, 0x60,
                                       0x02, 0xfa, 0x00, 0xe9, 0xaa, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4};

TEST(Headers, ReadsTheFieldsOfIpv4) {
    const auto ip = *ipv4_header_view::at({syn.data(), syn.size()}, 0);
    EXPECT_EQ(ip.version(), 4);
    EXPECT_EQ(ip.ihl(), 5);
    EXPECT_EQ(ip.tot_len(), 44);
    EXPECT_EQ(ip.protocol(), ipproto_tcp);
    EXPECT_EQ(ip.saddr().to_string(), "10.0.0.2");
    EXPECT_EQ(ip.daddr().to_string(), "10.0.0.1");
    EXPECT_FALSE(ip.is_fragment());
}

TEST(Headers, ReadsTheFieldsOfTcp) {
    const auto tcp = *tcp_header_view::at({syn.data(), syn.size()}, 20);
    EXPECT_EQ(tcp.source().value, 40000);
    EXPECT_EQ(tcp.dest().value, 80);
    EXPECT_EQ(tcp.seq().value, 1000u);
    EXPECT_EQ(tcp.doff(), 6);
    EXPECT_TRUE(tcp.syn());
    EXPECT_FALSE(tcp.ack());
    EXPECT_EQ(tcp.window(), 64000);
}

TEST(Headers, ThereIsNoHeaderBeyondTheBytes) {
    EXPECT_FALSE(ipv4_header_view::at({syn.data(), 19}, 0));
    EXPECT_TRUE(ipv4_header_view::at({syn.data(), 20}, 0));
    EXPECT_FALSE(tcp_header_view::at({syn.data(), syn.size()}, 25));
    EXPECT_FALSE(udp_header_view::at({syn.data(), syn.size()}, 45));
}

}  // namespace
}  // namespace rxpath
