// Which of several sockets a datagram goes to: compute_score() of net/ipv4/udp.c. A peer's address, a peer's port and a
// device weigh 4 each, the CPU of the last datagram 1; of equals, the newest wins, which is the first of its bucket.
#include "models/socket/udp_lookup.h"
#include "models/socket/udp_table.h"
#include "socket_fixture.h"

namespace rxpath {
namespace {

class udp_score : public socket_fixture {
protected:
    udp_sock* look_up(endpoint peer, endpoint local, int dif = nic0) {
        return __udp4_lib_lookup(m_context, m_sockets, peer.address, peer.port, local.address, local.port, dif, 0);
    }
    udp_sock* look_up() { return look_up(m_peer, m_local); }
    udp_sock& bound(int device = 0) { return m_sockets.bind_udp(m_local, device); }
    // connect() to port 0 fixes the peer's address and leaves its port open.
    udp_sock& connected(port_number port, int device = 0) {
        auto& sk = bound(device);
        m_sockets.connect_udp(sk, {m_peer.address, port});
        return sk;
    }
    void receive_one() {
        std::vector<std::uint8_t> bytes(108, 'x');
        put16(bytes, 0, m_peer.port.value), put16(bytes, 2, m_local.port.value), put16(bytes, 4, 108);
        receive(make_skb(ipproto_udp, bytes, m_peer, m_local));
    }
    const endpoint m_local{m_server.address, {5000}}, m_peer{m_client.address, {6000}};
    static constexpr port_number any_port{0};
};

TEST_F(udp_score, NewestOfEqualsWins) {
    bound();
    auto& newest = bound();
    EXPECT_EQ(look_up(), &newest);
}

TEST_F(udp_score, DeviceWeighsAsMuchAsThePeersAddress) {
    bound(nic0);
    auto& to_address = connected(any_port);
    EXPECT_EQ(look_up(), &to_address) << "the newest of equals";
    auto& to_device = bound(nic0);
    EXPECT_EQ(look_up(), &to_device) << "the newest of equals";
}

TEST_F(udp_score, PeersPortWeighsAsMuchAsTheDevice) {
    connected(any_port, nic0);
    auto& to_port = connected(m_peer.port);
    EXPECT_EQ(look_up(), &to_port) << "the newest of equals";
    auto& to_device = connected(any_port, nic0);
    EXPECT_EQ(look_up(), &to_device) << "the newest of equals";
}

TEST_F(udp_score, PeersAddressAndPortWeighMoreThanTheDevice) {
    auto& both = connected(m_peer.port);
    bound(nic0);
    EXPECT_EQ(look_up(), &both);
}

// The CPU decides among equals only.
TEST_F(udp_score, SocketThatThisCpuServedBeforeBeatsANewerEqualOne) {
    auto& older = connected(m_peer.port);
    receive_one();
    connected(m_peer.port);
    EXPECT_EQ(look_up(), &older);
    auto& closer = connected(m_peer.port, nic0);
    EXPECT_EQ(look_up(), &closer);
}

TEST_F(udp_score, SocketOfAnotherPortInTheSameBucketIsNotFound) {
    const endpoint other{m_local.address, {static_cast<std::uint16_t>(m_local.port.value + 2048)}};
    ASSERT_EQ(&m_sockets.udp_table().bucket(m_local.address, m_local.port),
              &m_sockets.udp_table().bucket(other.address, other.port));
    auto& sk = m_sockets.bind_udp(other);
    EXPECT_EQ(look_up(), nullptr);
    EXPECT_EQ(look_up(m_peer, other), &sk);
}

// Addresses whose hashes meet in one bucket.
TEST_F(udp_score, SocketOfAnotherAddressInTheSameBucketIsNotFound) {
    const auto& table = m_sockets.udp_table();
    ipv4_address other{m_local.address.value + 1};
    while (!table.same_bucket(other, m_local.address, m_local.port)) ++other.value;
    m_sockets.bind_udp({other, m_local.port});
    EXPECT_EQ(look_up(), nullptr);
}

TEST_F(udp_score, SocketOfAnotherNamespaceIsNotFound) {
    char other = 0;
    bound().skc_net = namespace_at(other);
    EXPECT_EQ(look_up(), nullptr);
}

// __udp4_lib_demux_lookup(): inet_match() on the first of the bucket.
class udp_demux_match : public udp_score {
protected:
    bool found(endpoint peer, endpoint local) {
        return __udp4_lib_demux_lookup(m_sockets, local.port, local.address, peer.port, peer.address, nic0, 0).sk !=
               nullptr;
    }
};

TEST_F(udp_demux_match, NeedsBothPortsAndBothAddresses) {
    const auto& table = m_sockets.udp_table();
    ipv4_address neighbour{m_local.address.value + 1};  // in the same bucket
    while (!table.same_bucket(neighbour, m_local.address, m_local.port)) ++neighbour.value;
    auto& sk = connected(m_peer.port);
    EXPECT_TRUE(found(m_peer, m_local));
    EXPECT_FALSE(found({m_peer.address, {6001}}, m_local));
    EXPECT_FALSE(found({{m_peer.address.value + 1}, m_peer.port}, m_local));
    EXPECT_FALSE(found(m_peer, {m_local.address, {static_cast<std::uint16_t>(m_local.port.value + 2048)}}));
    EXPECT_FALSE(found(m_peer, {neighbour, m_local.port}));
    char other = 0;
    sk.skc_net = namespace_at(other);
    EXPECT_FALSE(found(m_peer, m_local));
}

}  // namespace
}  // namespace rxpath
