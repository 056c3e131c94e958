// inet_peer: one ICMP message a second, six in a burst (inet_peer_xrlim_allow(), XRLIM_BURST_FACTOR).
#include "models/ip/inet_peer.h"

#include <gtest/gtest.h>

namespace rxpath {
namespace {

constexpr std::int64_t second = hz;
const ipv4_address peer_address{0x0a000002};

int allowed_at_once(inet_peer& peer, std::int64_t now) {
    int allowed = 0;
    while (peer.allow_icmp(now)) ++allowed;
    return allowed;
}

TEST(inet_peer, NewOneMayHaveABurstOfSix) {
    inet_peers peers;
    EXPECT_EQ(allowed_at_once(peers.get(peer_address, 1000), 1000), 6);
}

TEST(inet_peer, EachSecondGivesOneMore) {
    inet_peers peers;
    auto& peer = peers.get(peer_address, 1000);
    allowed_at_once(peer, 1000);
    EXPECT_EQ(allowed_at_once(peer, 1000 + second - 1), 0);
    EXPECT_EQ(allowed_at_once(peer, 1000 + second), 1);
    EXPECT_EQ(allowed_at_once(peer, 1000 + 4 * second), 3);
}

TEST(inet_peer, QuietTimeBeyondTheBurstIsForgotten) {
    inet_peers peers;
    auto& peer = peers.get(peer_address, 1000);
    allowed_at_once(peer, 1000);
    EXPECT_EQ(allowed_at_once(peer, 1000 + 100 * second), 6);
}

TEST(inet_peer, IsTheSameForTheSameAddress) {
    inet_peers peers;
    bool is_new = false;
    auto& first = peers.get(peer_address, 1000, &is_new);
    EXPECT_TRUE(is_new);
    EXPECT_EQ(&peers.get(peer_address, 2000, &is_new), &first);
    EXPECT_FALSE(is_new);
    EXPECT_NE(&peers.get({peer_address.value + 1}, 1000), &first);
}

}  // namespace
}  // namespace rxpath
