// net_ratelimit() (net/core/utils.c, lib/ratelimit.c): may this message be logged? Ten in five seconds may
// (net.core.message_burst, net.core.message_cost).
#pragma once

#include <cstdint>
#include <optional>

#include "models/base/receive_context.h"

namespace rxpath {

class net_ratelimit_state {
public:
    bool allows(std::uint64_t now_jiffies) {
        constexpr std::uint64_t interval = 5 * hz;
        constexpr unsigned burst = 10;
        if (!m_begin || now_jiffies > *m_begin + interval) {
            m_begin = now_jiffies;
            m_printed = 0;
        }
        if (m_printed >= burst) return false;
        ++m_printed;
        return true;
    }

private:
    std::optional<std::uint64_t> m_begin;
    unsigned m_printed = 0;
};

}  // namespace rxpath
