#include "models/socket/listener_table.h"

#include <map>

#include "socket_fixture.h"

#include "models/base/kernel_functions/socket.h"

namespace rxpath {
namespace {

class listener : public socket_fixture {
protected:
    tcp_sock* look_up(endpoint local, int dif = nic0) { return look_up_for(local, m_client, dif); }
    tcp_sock* look_up_for(endpoint local, endpoint peer, int dif = nic0) {
        m_trace.clear();
        return __inet_lookup_listener(m_context, m_sockets.hashinfo(), {*m_sockets.net(), local, peer, dif, 0});
    }
    tcp_sock& share(endpoint local, int device = 0) { return m_sockets.listen(local, device, 4096, true); }
};

TEST_F(listener, IsFoundByItsAddressInOneLookup) {
    EXPECT_EQ(look_up(m_server), m_listener);
    EXPECT_EQ(calls_of(fn::inet_lhash2_lookup), 1u);
}

TEST_F(listener, OfAnyAddressIsFoundInTheSecondLookup) {
    auto& any = m_sockets.listen({{}, {8080}});
    EXPECT_EQ(look_up({m_server.address, {8080}}), &any);
    EXPECT_EQ(calls_of(fn::inet_lhash2_lookup), 2u);
}

TEST_F(listener, OfTheAddressBeatsTheOneOfAnyAddress) {
    m_sockets.listen({{}, m_server.port});
    EXPECT_EQ(look_up(m_server), m_listener);
}

TEST_F(listener, BoundToTheDeviceBeatsTheUnboundOneInEitherOrder) {
    auto& bound = m_sockets.listen(m_server, nic0);
    EXPECT_EQ(look_up(m_server, nic0), &bound);
    auto& later = m_sockets.listen(m_server);
    EXPECT_EQ(look_up(m_server, nic0), &bound);
    EXPECT_EQ(look_up(m_server, nic1), &later);
}

TEST_F(listener, OfAnotherPortOrAddressIsNotFound) {
    EXPECT_EQ(look_up({m_server.address, {81}}), nullptr);
    EXPECT_EQ(look_up({{1}, m_server.port}), nullptr);
}

class reuseport : public listener {
protected:
    // How many of 1000 peers each of the listeners gets.
    std::map<tcp_sock*, int> connections_of_a_thousand_peers(endpoint local) {
        std::map<tcp_sock*, int> count;
        for (std::uint16_t port = 1; port <= 1000; ++port) ++count[look_up_for(local, {m_client.address, {port}})];
        return count;
    }
    const endpoint m_shared{m_server.address, {8080}};
};

TEST_F(reuseport, EachOfAGroupGetsItsShareOfThePeers) {
    for (int i = 0; i < 4; ++i) share(m_shared);
    const auto count = connections_of_a_thousand_peers(m_shared);
    EXPECT_EQ(count.size(), 4u);
    for (const auto& [sk, connections] : count) EXPECT_NEAR(connections, 250, 60);
}

TEST_F(reuseport, PeerAlwaysComesToTheSameListener) {
    for (int i = 0; i < 4; ++i) share(m_shared);
    auto* first = look_up(m_shared);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(look_up(m_shared), first);
}

TEST_F(reuseport, LastListenerTakesThePlaceOfOneThatCloses) {
    auto& first = share(m_shared);
    share(m_shared);
    auto& last = share(m_shared);
    const auto before = connections_of_a_thousand_peers(m_shared);
    m_sockets.close(m_context, first);
    const auto after = connections_of_a_thousand_peers(m_shared);
    EXPECT_EQ(after.size(), 2u);
    EXPECT_GT(after.at(&last), before.at(&last));
}

TEST_F(reuseport, GroupsOfDifferentDevicesAreApart) {
    auto& unbound = share(m_shared);
    auto& bound = share(m_shared, nic0);
    EXPECT_EQ(look_up(m_shared, nic0), &bound);
    EXPECT_EQ(look_up(m_shared, nic1), &unbound);
}

TEST_F(listener, IsGoneOnceClosed) {
    m_sockets.close(m_context, *m_listener);
    EXPECT_EQ(look_up(m_server), nullptr);
}

}  // namespace
}  // namespace rxpath
