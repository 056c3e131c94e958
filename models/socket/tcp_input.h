// TCP's receive processing (net/ipv4/tcp_input.c): a segment on an established connection, and in every other state.
//
// Left out: congestion control and retransmission, SACK and D-SACK blocks, ECN, fast open, simultaneous open, SYN_SENT.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

void tcp_rcv_established(receive_context& context, tcp_sock& sk, sk_buff& skb);
// Answers a reason when the segment must be answered with a reset, and NOT_DROPPED_YET when it is dealt with.
drop_reason tcp_rcv_state_process(receive_context& context, tcp_sock& sk, sk_buff& skb);

// Header prediction is on from here (tcp_fast_path_on()), or off when data is missing or memory short.
void tcp_fast_path_check(tcp_sock& sk);
// The connection was reset, or is given up: closed, its application learns of it (tcp_reset(), tcp_done()).
void tcp_reset(receive_context& context, tcp_sock& sk);
void tcp_done(receive_context& context, tcp_sock& sk);
// The peer sends no more.
void tcp_fin(receive_context& context, tcp_sock& sk);
// tcp_data_snd_check(): nothing waits to be sent.
void tcp_data_snd_check(receive_context& context);
// The next ACKs go out at once (tcp_enter_quickack_mode()).
void tcp_incr_quickack(tcp_sock& sk);
void tcp_enter_quickack_mode(tcp_sock& sk);
// When the ACK of what just arrived goes out.
void __tcp_ack_snd_check(receive_context& context, tcp_sock& sk, bool ofo_possible);
void tcp_mstamp_refresh(receive_context& context);

}  // namespace rxpath
