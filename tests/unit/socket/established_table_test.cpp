#include "models/socket/established_table.h"

#include <map>
#include <tuple>

#include "models/base/jhash.h"
#include "models/base/kernel_functions/socket.h"
#include "socket_fixture.h"

namespace rxpath {
namespace {

class established : public socket_fixture {
protected:
    sock_common* look_up(endpoint peer, endpoint local, int dif = nic0, int sdif = 0) {
        m_trace.clear();
        auto* sk = __inet_lookup_established(m_context, m_sockets.hashinfo(), *m_sockets.net(), peer.address, peer.port,
                                             local.address, local.port, dif, sdif);
        if (sk != nullptr) sock_put(m_context, *sk);
        return sk;
    }
};

TEST(jhash, EachWordChangesTheHash) {
    const auto hash = jhash_3words(1, 2, 3, 4);
    EXPECT_NE(hash, jhash_3words(2, 2, 3, 4));
    EXPECT_NE(hash, jhash_3words(1, 3, 3, 4));
    EXPECT_NE(hash, jhash_3words(1, 2, 4, 4));
    EXPECT_NE(hash, jhash_3words(1, 2, 3, 5));
}

TEST_F(established, AgreesWithAMapOverManyConnections) {
    const auto random_peer = [&] {
        const auto number = static_cast<std::uint32_t>(m_random() % 100'000);
        return endpoint{{m_client.address.value + number % 50}, {static_cast<std::uint16_t>(1024 + number / 50)}};
    };
    std::map<std::pair<std::uint32_t, std::uint16_t>, sock_common*> expected;
    for (int i = 0; i < 3000; ++i) {
        const auto peer = random_peer();
        auto& slot = expected[{peer.address.value, peer.port.value}];
        if (slot == nullptr) slot = &m_sockets.establish(m_server, peer, {1}, {1}, 1000);
    }
    for (int i = 0; i < 10000; ++i) {
        const auto peer = random_peer();
        const auto found = expected.find({peer.address.value, peer.port.value});
        ASSERT_EQ(look_up(peer, m_server), found == expected.end() ? nullptr : found->second);
    }
    EXPECT_EQ(m_sockets.hashinfo().ehash.size(), expected.size());
}

TEST_F(established, EachPartOfTheConnectionMustMatch) {
    auto& sk = m_sockets.establish(m_server, m_client, {1}, {1}, 1000);
    EXPECT_EQ(look_up(m_client, m_server), &sk);
    EXPECT_EQ(look_up({m_client.address, {1}}, m_server), nullptr);
    EXPECT_EQ(look_up({{1}, m_client.port}, m_server), nullptr);
    EXPECT_EQ(look_up(m_client, {m_server.address, {81}}), nullptr);
    EXPECT_EQ(look_up(m_client, {{1}, m_server.port}), nullptr);
}

TEST_F(established, BoundSocketTakesItsDeviceOrItsDomainOnly) {
    auto& sk = m_sockets.establish(m_server, m_client, {1}, {1}, 1000);
    m_sockets.bind_to_device(sk, nic0);
    EXPECT_EQ(look_up(m_client, m_server, nic0), &sk);
    EXPECT_EQ(look_up(m_client, m_server, nic1), nullptr);
    EXPECT_EQ(look_up(m_client, m_server, nic1, nic0), &sk);
}

TEST_F(established, UnboundSocketTakesNothingOfAnL3Domain) {
    m_sockets.establish(m_server, m_client, {1}, {1}, 1000);
    EXPECT_EQ(look_up(m_client, m_server, nic0, nic1), nullptr);
}

TEST_F(established, EqualConnectionsOfTwoNamespacesShareATableAndAreToldApart) {
    char other_identity = 0;
    inet_sockets other{namespace_at(other_identity), m_sysctls, m_sockets.hashinfo()};
    auto& theirs = other.establish(m_server, m_client, {1}, {1}, 1000);
    EXPECT_EQ(look_up(m_client, m_server), nullptr);
    auto& ours = m_sockets.establish(m_server, m_client, {1}, {1}, 1000);
    EXPECT_EQ(look_up(m_client, m_server), &ours);
    ours.skc_net = nullptr;
    EXPECT_EQ(look_up(m_client, m_server), nullptr);
    EXPECT_EQ(theirs.skc_hash, ours.skc_hash);
}

TEST_F(established, CountsTheEntriesItPasses) {
    inet_hashinfo one_chain{1, 1};
    inet_sockets sockets{namespace_at(m_identity), m_sysctls, one_chain};
    for (std::uint16_t port = 1; port <= 4; ++port)
        sockets.establish(m_server, {m_client.address, {port}}, {1}, {1}, 1000);
    m_trace.clear();
    auto* first = __inet_lookup_established(m_context, one_chain, *sockets.net(), m_client.address, {1},
                                            m_server.address, m_server.port, nic0, 0);
    EXPECT_EQ(first->skc_dport.value, 1);
    // Newest first: the oldest is behind three others.
    using namespace path::__inet_lookup_established;
    std::uint32_t passed = 0;
    for (const auto& step : m_trace.steps()) passed += step.step == entry_passed ? step.times : 0;
    EXPECT_EQ(passed, 3u);
}

TEST_F(established, LookupHoldsTheSocket) {
    auto& sk = m_sockets.establish(m_server, m_client, {1}, {1}, 1000);
    const auto before = sk.skc_refcnt;
    auto* found = __inet_lookup_established(m_context, m_sockets.hashinfo(), *m_sockets.net(), m_client.address,
                                            m_client.port, m_server.address, m_server.port, nic0, 0);
    EXPECT_EQ(found->skc_refcnt, before + 1);
}

}  // namespace
}  // namespace rxpath
