#include "models/socket/listener_table.h"

#include "socket_fixture.h"

namespace rxpath {
namespace {

class listener : public socket_fixture {
protected:
    tcp_sock* look_up(endpoint local, int dif = nic0) {
        m_trace.clear();
        return __inet_lookup_listener(m_context, m_sockets.hashinfo(), *m_sockets.net(), local.address, local.port, dif,
                                      0);
    }
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

TEST_F(listener, IsGoneOnceClosed) {
    m_sockets.close(m_context, *m_listener);
    EXPECT_EQ(look_up(m_server), nullptr);
}

}  // namespace
}  // namespace rxpath
