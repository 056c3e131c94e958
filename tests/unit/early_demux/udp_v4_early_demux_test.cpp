// udp_v4_early_demux(): a connected socket lends its dst if it is the first of its bucket.
#include <cerrno>

#include "early_demux_fixture.h"

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/routing.h"

namespace rxpath {
namespace {

using namespace path::udp_v4_early_demux;
using testing::Contains;
using testing::ElementsAre;

class udp_early_demux : public early_demux_fixture {
protected:
    udp_sock& connected(int bound_dev_if = 0) {
        auto& sk = m_net.sockets.bind_udp(m_server, bound_dev_if);
        m_net.sockets.connect_udp(sk, m_client);
        return sk;
    }
};

TEST_F(udp_early_demux, HeaderThatCannotBePulledIsRefused) {
    connected();
    auto frame = udp_packet(0);
    frame.bytes.resize(27);  // 20 bytes of IP and 7 of UDP
    frame.length = {27};
    EXPECT_EQ(demux_udp(frame), early_demux_outcome::header_too_short);
    EXPECT_EQ(m_skb.sk, nullptr);
    EXPECT_THAT(udp_steps(), ElementsAre(header_too_short));
}

TEST_F(udp_early_demux, HeaderInPagesIsPulled) {
    auto& sk = connected();
    EXPECT_EQ(demux_udp(udp_packet(), 27, nic0()), early_demux_outcome::no_rx_dst);
    EXPECT_EQ(m_skb.sk, &sk);
    EXPECT_EQ(m_skb.headlen(), 28u);
    EXPECT_EQ(calls_of(fn::__pskb_pull_tail), 1u);
    EXPECT_THAT(udp_steps(), Contains(header_pulled));
}

TEST_F(udp_early_demux, PacketForAnotherHostIsNotLookedUp) {
    connected();
    auto frame = udp_packet();
    frame.type = packet_type::otherhost;
    EXPECT_EQ(demux_udp(frame), early_demux_outcome::not_packet_host);
    EXPECT_EQ(m_skb.sk, nullptr);
    EXPECT_THAT(udp_steps(), ElementsAre(not_unicast));
}

TEST_F(udp_early_demux, EmptyBucketHasNothingToCompare) {
    EXPECT_EQ(demux_udp(), early_demux_outcome::no_socket);
    EXPECT_THAT(udp_steps(), ElementsAre(bucket_looked_up));
}

TEST_F(udp_early_demux, SocketThatIsNotConnectedIsNotFound) {
    m_net.sockets.bind_udp(m_server);
    EXPECT_EQ(demux_udp(), early_demux_outcome::no_socket);
    EXPECT_EQ(m_skb.sk, nullptr);
    EXPECT_THAT(udp_steps(), ElementsAre(bucket_looked_up, net_compared, ports_compared));  // no peer, no peer's port
}

TEST_F(udp_early_demux, OtherPeersAddressIsNotFound) {
    connected();
    auto frame = udp_packet();
    frame.bytes[15] ^= 1;
    EXPECT_EQ(demux_udp(frame), early_demux_outcome::no_socket);
    EXPECT_THAT(udp_steps(), ElementsAre(bucket_looked_up, net_compared, ports_compared, address_compared));
}

TEST_F(udp_early_demux, OnlyTheFirstOfTheBucketIsLookedAt) {
    connected();
    m_net.sockets.bind_udp(m_server, nic1().ifindex);  // the newer one comes first
    EXPECT_EQ(demux_udp(), early_demux_outcome::no_socket);
}

TEST_F(udp_early_demux, SocketBoundToADeviceIsFoundOnlyThere) {
    auto& sk = connected(nic0().ifindex);
    EXPECT_EQ(demux_udp(udp_packet(), 38, nic1()), early_demux_outcome::no_socket);
    EXPECT_THAT(udp_steps(), ElementsAre(bucket_looked_up, net_compared, ports_compared, address_compared,
                                         device_compared, bound_device_compared));
    EXPECT_EQ(demux_udp(), early_demux_outcome::no_rx_dst);
    EXPECT_EQ(m_skb.sk, &sk);
}

TEST_F(udp_early_demux, HitSetsDstWithoutAReferenceAndHoldsNoSocket) {
    auto& sk = connected();
    auto& dst = cache_dst(sk);
    const auto references = sk.skc_refcnt;
    EXPECT_EQ(demux_udp(), early_demux_outcome::dst_reused);
    EXPECT_EQ(m_skb.sk, &sk);
    EXPECT_EQ(m_skb.destructor, &sock_pfree);
    EXPECT_EQ(sk.skc_refcnt, references);
    EXPECT_EQ(skb_dst(m_skb), &dst);
    EXPECT_TRUE(skb_dst_is_noref(m_skb));
    EXPECT_EQ(dst.__rcuref.read(), 1u);
    EXPECT_THAT(udp_steps(), ElementsAre(bucket_looked_up, net_compared, ports_compared, address_compared,
                                         device_compared, socket_found, dst_checked, dst_set));
}

class udp_early_demux_of_a_group : public udp_early_demux {
protected:
    packet to_group(std::string_view group = "224.0.0.1", std::string_view from = "10.0.0.2") const {
        packet made;
        build_udp(made, {*parse_ipv4_address(from), m_client.port}, {*parse_ipv4_address(group), m_server.port}, {10},
                  1);
        made.type = packet_type::multicast;
        return made;
    }
    const endpoint m_any{{}, m_server.port};
};

TEST_F(udp_early_demux_of_a_group, OnlySocketThatFitsIsFound) {
    auto& sk = m_net.sockets.bind_udp(m_any);
    EXPECT_EQ(demux_udp(to_group()), early_demux_outcome::no_rx_dst);
    EXPECT_EQ(m_skb.sk, &sk);
}

TEST_F(udp_early_demux_of_a_group, OneOfTwoSocketsIsNotChosen) {
    m_net.sockets.bind_udp(m_any);
    m_net.sockets.bind_udp(m_any);
    EXPECT_EQ(demux_udp(to_group()), early_demux_outcome::no_socket);
}

TEST_F(udp_early_demux_of_a_group, GroupThatTheDeviceIsNotInIsNotLookedUp) {
    m_net.sockets.bind_udp(m_any);
    EXPECT_EQ(demux_udp(to_group("224.1.1.1")), early_demux_outcome::no_socket);
    EXPECT_THAT(udp_steps(), ElementsAre(multicast));
    nic0().ip.mc_list.push_back(*parse_ipv4_address("224.1.1.1"));
    EXPECT_EQ(demux_udp(to_group("224.1.1.1")), early_demux_outcome::no_rx_dst);
}

// The socket takes datagrams of anybody, so each source is validated; a connected one has but its peer.
TEST_F(udp_early_demux_of_a_group, CachedDstIsLentToValidSourcesOnly) {
    auto& sk = m_net.sockets.bind_udp(m_any);
    cache_dst(sk);
    EXPECT_EQ(demux_udp(to_group()), early_demux_outcome::dst_reused);
    EXPECT_EQ(m_error, 0);
    demux_udp(to_group("224.0.0.1", "127.0.0.1"));
    EXPECT_EQ(m_error, -EINVAL);
}

// Unlike TCP, UDP does not compare the interface that the dst was learnt on.
TEST_F(udp_early_demux, DstLearntOnAnotherInterfaceIsTaken) {
    cache_dst(connected());
    EXPECT_EQ(demux_udp(udp_packet(), 38, nic1()), early_demux_outcome::dst_reused);
}

TEST_F(udp_early_demux, DstOfAnOldGenerationIsRefused) {
    cache_dst(connected());
    m_net.routing.rt_cache_flush();
    EXPECT_EQ(demux_udp(), early_demux_outcome::rx_dst_obsolete);
    EXPECT_EQ(skb_dst(m_skb), nullptr);
    EXPECT_NE(m_skb.sk, nullptr);
}

TEST_F(udp_early_demux, ObsoleteNoneIsValidUnchecked) {
    auto& dst = cache_dst(connected());
    dst.obsolete = dst_obsolete::none;
    m_net.routing.rt_cache_flush();
    EXPECT_EQ(demux_udp(), early_demux_outcome::dst_reused);
    EXPECT_EQ(calls_of(fn::ipv4_dst_check), 0u);
    EXPECT_THAT(udp_steps(), Contains(dst_not_checked));
}

}  // namespace
}  // namespace rxpath
