// tcp_ack() of net/ipv4/tcp_input.c: what an acknowledgement says about data sent. The window and snd_una follow; the
// retransmit queue and congestion control are charged as they run for data that is acknowledged in order, not modelled.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

struct tcp_ack_flags {
    bool slowpath = false;          // FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT
    bool no_challenge_ack = false;  // FLAG_NO_CHALLENGE_ACK
};

enum class tcp_ack_result : std::uint8_t { accepted, old, refused };

struct tcp_ack_verdict {
    tcp_ack_result result = tcp_ack_result::accepted;
    drop_reason reason = drop_reason::NOT_SPECIFIED;  // of a refused one
};

// The segment, or its window of so many bytes, is news (tcp_may_update_window()).
bool tcp_may_update_window(const tcp_sock& sk, const sk_buff& skb, std::uint32_t window);

tcp_ack_verdict tcp_ack(receive_context& context, tcp_sock& sk, const sk_buff& skb, tcp_ack_flags flags);

}  // namespace rxpath
