#include "models/ip/inet_peer.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr std::int64_t second = hz;
constexpr std::int64_t burst = 6;          // XRLIM_BURST_FACTOR
constexpr std::int64_t quiet_before = 60;  // seconds: a new peer has been quiet that long

}  // namespace

bool inet_peer::allow_icmp(std::int64_t now, std::int64_t timeout) {
    const auto tokens = std::min(rate_tokens + now - rate_last, burst * timeout);
    rate_last = now;
    rate_tokens = tokens >= timeout ? tokens - timeout : tokens;
    return tokens >= timeout;
}

inet_peer& inet_peers::get(ipv4_address address, std::int64_t now, bool* is_new) {
    const auto [peer, made] = m_peers.try_emplace(address);
    if (made) peer->second.rate_last = now - quiet_before * second;
    if (is_new != nullptr) *is_new = made;
    return peer->second;
}

}  // namespace rxpath
