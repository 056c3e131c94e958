// The backlog NAPI instance at work: process_backlog() (net/core/dev.c), which receives what netif_rx() queued. Left
// out: RPS, the limit net.core.netdev_max_backlog, its weight: a poll takes all.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

class backlog_poll {
public:
    // Opens __napi_poll() and the poll.
    void begin(receive_context& context);
    // Up to the call of ip_rcv(), and after it.
    void begin_packet(receive_context& context, const sk_buff& skb);
    void end_packet(receive_context& context);
    // Closes what begin() opened.
    void end(receive_context& context);

private:
    std::uint32_t m_poll_call = 0;
};

}  // namespace rxpath
