// TCP's receive processing (net/ipv4/tcp_input.c): a segment on an established connection, and in every other state.
//
// Left out: congestion control and retransmission, fast open, simultaneous open, SYN_SENT.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

void tcp_rcv_established(receive_context& context, tcp_sock& sk, sk_buff& skb);
// Answers a reason when the segment must be answered with a reset, and NOT_DROPPED_YET when it is dealt with.
drop_reason tcp_rcv_state_process(receive_context& context, tcp_sock& sk, sk_buff& skb);

// Header prediction is on from here.
void tcp_fast_path_on(tcp_sock& sk);
// The first thing found in the way of header prediction, which then stays as it is; none: it is on.
enum class fast_path_obstacle : std::uint8_t { none, hole, window_closed, buffer_full, urgent_data };
fast_path_obstacle tcp_fast_path_check(tcp_sock& sk);
// The compiler puts that check into its callers: their names for what stood in the way.
template <class Step>
struct fast_path_steps {
    Step hole, window_closed, buffer_full, urgent_data;
};
template <class Step>
void tcp_fast_path_check(kernel_call& here, const fast_path_steps<Step>& steps, tcp_sock& sk) {
    switch (tcp_fast_path_check(sk)) {
        case fast_path_obstacle::none:
            return;
        case fast_path_obstacle::hole:
            return here.took(steps.hole);
        case fast_path_obstacle::window_closed:
            return here.took(steps.window_closed);
        case fast_path_obstacle::buffer_full:
            return here.took(steps.buffer_full);
        case fast_path_obstacle::urgent_data:
            return here.took(steps.urgent_data);
    }
}
// The connection was reset, or is given up: closed, its application learns of it (tcp_reset(), tcp_done()).
void tcp_reset(receive_context& context, tcp_sock& sk);
void tcp_done(receive_context& context, tcp_sock& sk);
// Nobody holds a closed connection any more: what waits in its queues is dropped, at the least the peer's FIN.
void inet_csk_destroy_sock(receive_context& context, tcp_sock& sk);
// The peer sends no more.
void tcp_fin(receive_context& context, tcp_sock& sk);
// tcp_data_snd_check(): nothing waits to be sent.
void tcp_data_snd_check(receive_context& context);
// The next ACKs go out at once. False when as many would have already.
bool tcp_incr_quickack(tcp_sock& sk, std::uint32_t most = tcp_max_quickacks);
bool tcp_enter_quickack_mode(tcp_sock& sk, std::uint32_t most = tcp_max_quickacks);
// When the ACK of what just arrived goes out.
void __tcp_ack_snd_check(receive_context& context, tcp_sock& sk, bool ofo_possible);
void tcp_mstamp_refresh(receive_context& context);

}  // namespace rxpath
