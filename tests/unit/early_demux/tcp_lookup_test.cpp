// Which socket tcp_v4_early_demux() finds, and what it does to the packet then.
#include <array>

#include "early_demux_fixture.h"

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

using namespace path::tcp_v4_early_demux;
using testing::ElementsAre;

class tcp_early_demux_lookup : public early_demux_fixture {};

TEST_F(tcp_early_demux_lookup, SocketGoesToThePacketWithAReferenceThatSockEdemuxGivesBack) {
    auto& sk = establish();
    const auto references = sk.skc_refcnt;
    demux_tcp();
    EXPECT_EQ(m_skb.sk, &sk);
    EXPECT_EQ(m_skb.destructor, &sock_edemux);
    EXPECT_EQ(sk.skc_refcnt, references + 1);
    release(m_skb);
    EXPECT_EQ(sk.skc_refcnt, references);
    EXPECT_EQ(m_skb.sk, nullptr);
}

TEST_F(tcp_early_demux_lookup, NoSocketLeavesThePacketAlone) {
    EXPECT_EQ(demux_tcp(), early_demux_outcome::no_socket);
    EXPECT_EQ(m_skb.sk, nullptr);
    EXPECT_EQ(m_skb.destructor, nullptr);
    EXPECT_EQ(calls_of(fn::__inet_lookup_established), 1u);
    EXPECT_THAT(tcp_steps(), ElementsAre(lookup));
}

TEST_F(tcp_early_demux_lookup, ListenerIsNotFound) {
    m_net.sockets.listen(m_server);
    EXPECT_EQ(demux_tcp(), early_demux_outcome::no_socket);
}

// Offset of a byte in the packet whose change makes it another connection's.
class tcp_early_demux_connection : public early_demux_fixture, public testing::WithParamInterface<std::size_t> {};

TEST_P(tcp_early_demux_connection, OtherAddressOrPortIsNotFound) {
    establish();
    auto frame = tcp_packet();
    frame.bytes[GetParam()] ^= 1;
    EXPECT_EQ(demux_tcp(frame), early_demux_outcome::no_socket);
    EXPECT_EQ(m_skb.sk, nullptr);
}
INSTANTIATE_TEST_SUITE_P(saddr_daddr_source_dest, tcp_early_demux_connection, testing::Values(15u, 19u, 21u, 23u));

// The hashes of two connections may be equal: the match itself tells them apart, too.
TEST_F(tcp_early_demux_lookup, MatchComparesAddressesAndPortsWhateverTheHash) {
    const auto& sk = establish();
    const connection_key own{m_client.address, m_client.port, m_server.address, m_server.port};
    EXPECT_TRUE(inet_match(m_net, sk, own, nic0().ifindex, 0));
    auto other = std::array{own, own, own, own};
    ++other[0].saddr.value, ++other[1].sport.value, ++other[2].daddr.value, ++other[3].dport.value;
    for (const auto& key : other) EXPECT_FALSE(inet_match(m_net, sk, key, nic0().ifindex, 0));
}

TEST_F(tcp_early_demux_lookup, SocketOfAnotherNamespaceInTheSameTableIsNotFound) {
    network_namespace other;
    inet_sockets guests{&other, other.sysctls, m_net.sockets.hashinfo()};
    auto& guest = guests.establish(m_server, m_client, {1}, {1}, 65535);
    EXPECT_EQ(demux_tcp(), early_demux_outcome::no_socket);
    auto& own = establish();
    demux_tcp();
    EXPECT_EQ(m_skb.sk, &own);
    release(m_skb);
    m_net.sockets.hashinfo().ehash.remove(guest);
}

TEST_F(tcp_early_demux_lookup, NamespaceIsThatOfTheDevice) {
    network_namespace other;
    inet_sockets guests{&other, other.sysctls, m_net.sockets.hashinfo()};
    auto& guest = guests.establish(m_server, m_client, {1}, {1}, 65535);
    auto& other_dev = other.devices.add("eth0");
    EXPECT_EQ(demux_tcp(tcp_packet(), other_dev), early_demux_outcome::no_socket);  // its table is another one
    auto& own = establish();
    demux_tcp();
    EXPECT_EQ(m_skb.sk, &own);
    release(m_skb);
    m_net.sockets.hashinfo().ehash.remove(guest);
}

TEST_F(tcp_early_demux_lookup, SocketBoundToADeviceIsFoundOnlyThere) {
    auto& sk = establish(nic0().ifindex);
    EXPECT_EQ(demux_tcp(tcp_packet(), nic1()), early_demux_outcome::no_socket);
    EXPECT_EQ(demux_tcp(tcp_packet(), nic0()), early_demux_outcome::no_rx_dst);
    EXPECT_EQ(m_skb.sk, &sk);
}

TEST_F(tcp_early_demux_lookup, UnboundSocketIsFoundOnAnyDevice) {
    auto& sk = establish();
    demux_tcp(tcp_packet(), nic1());
    EXPECT_EQ(m_skb.sk, &sk);
}

// skb_iif keeps the first device when an upper one takes the packet over.
TEST_F(tcp_early_demux_lookup, InterfaceIsTheOneThePacketCameInBy) {
    establish(nic0().ifindex);
    take(tcp_packet(), 40, nic0());
    m_skb.skb_iif = nic1().ifindex;
    EXPECT_EQ(tcp_v4_early_demux(m_context, m_skb), early_demux_outcome::no_socket);
}

}  // namespace
}  // namespace rxpath
