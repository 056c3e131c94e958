// The backlog NAPI instance at work: process_backlog() (net/core/dev.c), which receives what netif_rx() queued. In the
// net_rx_action() that is open when the packets came from this softirq, else in one of their own. Left out: RPS, the limit
// net.core.netdev_max_backlog.
#pragma once

#include <optional>

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

class backlog_poll {
public:
    // `softirq`: the net_rx_action() that goes on; without one, one begins.
    void begin(receive_context& context, std::optional<std::uint32_t>& softirq);
    // Up to the call of ip_rcv(), and after it.
    void begin_packet(receive_context& context, const sk_buff& skb);
    void end_packet(receive_context& context);
    // Closes the poll; the softirq stays open.
    void end(receive_context& context);

private:
    std::uint32_t m_poll_call = 0;
};

}  // namespace rxpath
