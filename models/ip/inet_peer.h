// inet_peer (net/ipv4/inetpeer.c): what the host remembers of an address it answers with ICMP, to limit the rate.
// Left out: garbage collection; metrics of peers.
#pragma once

#include <cstdint>
#include <map>

#include "models/base/address.h"
#include "models/base/receive_context.h"

namespace rxpath {

struct inet_peer {
    std::int64_t rate_tokens = 0;  // jiffies' worth
    std::int64_t rate_last = 0;    // jiffies
    std::uint32_t n_redirects = 0;
    std::uint32_t rid = 0;  // fragments received from it

    // inet_peer_xrlim_allow(): one message in `timeout` jiffies, six in a burst.
    bool allow_icmp(std::int64_t now, std::int64_t timeout = hz);
};

class inet_peers {
public:
    // The peer of an address, made on first use (inet_getpeer_v4()). `is_new`, if given, says whether it was.
    inet_peer& get(ipv4_address address, std::int64_t now, bool* is_new = nullptr);

private:
    std::map<ipv4_address, inet_peer> m_peers;
};

}  // namespace rxpath
