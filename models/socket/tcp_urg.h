// Urgent data (tcp_urg() and tcp_check_urg(), net/ipv4/tcp_input.c): one byte of the stream that the peer marks.
// Left out: signals, SO_OOBINLINE (the byte is read with the others).
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

void tcp_urg(receive_context& context, tcp_sock& sk, const sk_buff& skb);
// The application has read up to copied_seq; beyond the urgent byte it is forgotten, and prediction may be on again.
void tcp_urgent_data_read(tcp_sock& sk);

}  // namespace rxpath
