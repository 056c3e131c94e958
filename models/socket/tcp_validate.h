// tcp_validate_incoming() of net/ipv4/tcp_input.c: is the segment in the window, is a RST or SYN genuine (RFC 5961).
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

// False when the segment is dealt with: dropped, answered, or the connection reset by it.
bool tcp_validate_incoming(receive_context& context, tcp_sock& sk, sk_buff& skb);

// tcp_in_window(): some of [seq, end_seq) is in [start, end).
bool tcp_in_window(tcp_sequence seq, tcp_sequence end_seq, tcp_sequence start, tcp_sequence end);

}  // namespace rxpath
