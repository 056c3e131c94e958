// Datagrams to a group at early demux: whose source is validated, with which question, and what the answer is
// (udp_v4_early_demux() in net/ipv4/udp.c, ip_mc_validate_source() in net/ipv4/route.c).
#include <cerrno>

#include "early_demux_fixture.h"

namespace rxpath {
namespace {

class udp_early_demux_source : public early_demux_fixture {
protected:
    udp_early_demux_source() { nic0().ip.mc_list.push_back(*parse_ipv4_address("232.1.1.1")); }

    packet to_group(std::string_view from, std::string_view group = "224.0.0.1", std::uint8_t tos = 0) const {
        packet made;
        build_udp(made, {*parse_ipv4_address(from), m_client.port}, {*parse_ipv4_address(group), m_server.port}, {10},
                  1);
        made.bytes[1] = tos;
        made.type = packet_type::multicast;
        return made;
    }
    // What early demux answers with a dst to lend: 0, or the error that drops the datagram.
    int error_of(const packet& frame) {
        EXPECT_EQ(demux_udp(frame), early_demux_outcome::dst_reused);
        return m_error;
    }
    udp_sock& lender(const endpoint& local) {
        auto& sk = m_net.sockets.bind_udp(local);
        cache_dst(sk);
        return sk;
    }
    const endpoint m_any{{}, m_server.port};
};

TEST_F(udp_early_demux_source, AddressesThatNobodySendsFromAreRefused) {
    lender(m_any);
    for (const auto* source : {"224.0.0.5", "255.255.255.255", "127.9.9.9", "10.0.0.1", "10.1.0.1"})
        EXPECT_EQ(error_of(to_group(source)), -EINVAL) << source;
    EXPECT_EQ(error_of(to_group("10.0.0.2")), 0);
}

// RFC 4541 and DHCP's kin: who has no address yet may send to the link's groups, 224.0.0.0/24.
TEST_F(udp_early_demux_source, UnspecifiedSourceMaySendToALinkLocalGroupOnly) {
    lender(m_any);
    EXPECT_EQ(error_of(to_group("0.0.0.0", "224.0.0.1")), 0);
    EXPECT_EQ(error_of(to_group("0.0.0.0", "232.1.1.1")), -EINVAL);
}

TEST_F(udp_early_demux_source, LoopbackSourceNeedsRouteLocalnetOfAllOrOfTheDevice) {
    lender(m_any);
    for (const auto& [all, device] : {std::pair{1, 0}, {0, 1}}) {
        m_net.sysctls.devconf_all.route_localnet = all;
        nic0().ip.cnf.route_localnet = device;
        EXPECT_EQ(error_of(to_group("127.9.9.9")), 0) << all;
    }
}

// A neighbour passes the filter with an answer of 1, which is no error.
TEST_F(udp_early_demux_source, ReversePathFilterRefusesWithItsOwnError) {
    lender(m_any);
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    EXPECT_EQ(error_of(to_group("10.0.0.9")), 0);
    EXPECT_EQ(error_of(to_group("10.1.0.9")), -EXDEV);
}

// A connected socket has but one peer, whoever that is; a datagram to one host is validated by nobody here.
TEST_F(udp_early_demux_source, IsValidatedForUnconnectedSocketsOfAGroupOnly) {
    auto& sk = lender(m_any);
    m_net.sockets.connect_udp(sk, {*parse_ipv4_address("10.1.0.1"), m_client.port});  // an address of this host
    EXPECT_EQ(error_of(to_group("10.1.0.1")), 0);
    m_net.sockets.connect_udp(sk, m_client);
    m_net.sockets.close(m_context, sk);
    lender(m_server);
    packet from_nowhere;  // address and port 0 are those of a socket without a peer
    build_udp(from_nowhere, {{}, {0}}, m_server, {10}, 1);
    EXPECT_EQ(error_of(from_nowhere), 0);
}

TEST_F(udp_early_demux_source, IsNotValidatedWithoutADstToLend) {
    m_net.sockets.bind_udp(m_any);
    EXPECT_EQ(demux_udp(to_group("10.1.0.1")), early_demux_outcome::no_rx_dst);
    EXPECT_EQ(m_error, 0);
}

TEST_F(udp_early_demux_source, ErrorOfOneDatagramIsNotTheNextOnes) {
    lender(m_any);
    EXPECT_EQ(error_of(to_group("10.1.0.1")), -EINVAL);
    EXPECT_EQ(error_of(to_group("10.0.0.2")), 0);
    demux_udp(to_group("10.1.0.1"));
    auto short_one = to_group("10.0.0.2");
    short_one.bytes.resize(27);
    short_one.length = {27};
    demux_udp(short_one);
    EXPECT_EQ(m_error, 0);
}

// The way back is asked for with the datagram's DSCP without ECN, its mark, and its ports.
TEST_F(udp_early_demux_source, WayBackIsTheDatagramsOwn) {
    auto& sk = lender(m_any);
    run("sysctl net.ipv4.conf.all.rp_filter=1");
    run("sysctl net.ipv4.conf.all.src_valid_mark=1");
    run("ip route add default via 10.0.0.2 table 101");
    const auto accepted = [&](const std::string& selector, std::uint8_t tos, std::uint32_t mark) {
        run("ip rule add " + selector + " table 101 pref 10");
        dst_release_immediate(sk.sk_rx_dst);  // a rule made a new generation
        cache_dst(sk);
        take(to_group("203.0.113.9", "224.0.0.1", tos), 38, nic0());
        m_skb.mark = mark;
        EXPECT_EQ(udp_v4_early_demux(m_context, m_skb, m_error), early_demux_outcome::dst_reused);
        run("ip rule del pref 10");
        return m_error == 0;
    };
    EXPECT_TRUE(accepted("dscp 0x2c", 0xb1, 0));
    EXPECT_FALSE(accepted("dscp 0x2c", 0x10, 0));
    EXPECT_TRUE(accepted("fwmark 7", 0, 7));
    EXPECT_FALSE(accepted("fwmark 7", 0, 0));
    const auto peer = std::to_string(m_client.port.value);
    EXPECT_TRUE(accepted("ipproto udp dport " + peer, 0, 0));
    EXPECT_FALSE(accepted("ipproto udp sport " + peer, 0, 0));
}

// Unicast: skb->dev->ifindex is compared, and frames for all of the link are not looked at.
TEST_F(udp_early_demux_source, DeviceComparedIsTheOneThePacketIsIn) {
    auto& sk = m_net.sockets.bind_udp(m_server, nic0().ifindex);
    m_net.sockets.connect_udp(sk, m_client);
    take(udp_packet(), 38, nic0());
    m_skb.skb_iif = nic1().ifindex;
    udp_v4_early_demux(m_context, m_skb, m_error);
    EXPECT_EQ(m_skb.sk, &sk);
}

TEST_F(udp_early_demux_source, BroadcastFrameIsNotLookedUp) {
    m_net.sockets.connect_udp(m_net.sockets.bind_udp(m_server), m_client);
    auto frame = udp_packet();
    frame.type = packet_type::broadcast;
    EXPECT_EQ(demux_udp(frame), early_demux_outcome::not_packet_host);
}

// "Do not bother scanning a too big list": more than ten sockets of one hash of port.
TEST_F(udp_early_demux_source, BucketOfTenIsScannedAndOfElevenIsNot) {
    auto& sk = m_net.sockets.bind_udp(m_any);
    for (std::uint32_t i = 1; i < 10; ++i) m_net.sockets.bind_udp({{0x0a000010 + i}, m_server.port});
    demux_udp(to_group("10.0.0.2"));
    EXPECT_EQ(m_skb.sk, &sk);
    m_net.sockets.bind_udp({{0x0a000030}, m_server.port});
    EXPECT_EQ(demux_udp(to_group("10.0.0.2")), early_demux_outcome::no_socket);
}

}  // namespace
}  // namespace rxpath
