// The limit on all ICMP messages of a namespace together (icmp_global_allow() and _consume(), net/ipv4/icmp.c): a
// bucket of net.ipv4.icmp_msgs_burst messages, filled at net.ipv4.icmp_msgs_per_sec.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/base/receive_context.h"
#include "models/base/sysctl_ipv4.h"

namespace rxpath {

class icmp_limit {
public:
    // May one more message be sent? `now` in jiffies.
    bool allow(const sysctl_ipv4& sysctls, std::uint64_t now) {
        if (m_credit > 0) return true;
        const auto delta = std::min<std::uint64_t>(now - m_stamp, hz);
        const auto more = static_cast<std::int64_t>(static_cast<std::uint64_t>(sysctls.icmp_msgs_per_sec) * delta / hz);
        if (delta < hz / 50 || more == 0) return false;
        m_stamp = now;
        m_credit = std::min<std::int64_t>(m_credit + more, sysctls.icmp_msgs_burst);
        return true;
    }
    // One was sent: it costs 0 to 2, so that nobody can count them.
    void consume(random_source& random) { m_credit -= static_cast<std::int64_t>(random() % 3); }

private:
    std::int64_t m_credit = 0;
    std::uint64_t m_stamp = 0 - hz;  // jiffies when it was last filled; long ago at boot
};

}  // namespace rxpath
