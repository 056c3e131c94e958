// The blocks that selective acknowledgements report: what was received out of order, the newest first (RFC 2018;
// tcp_sack_new_ofo_skb(), tcp_sack_remove() and others, net/ipv4/tcp_input.c). The compiler makes these functions part
// of tcp_data_queue(), so their work counts as its steps. Left out: which duplicate a D-SACK block reports.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

// [seq, end_seq) was received out of order: it extends a block, or is a new one.
void tcp_sack_new_ofo_skb(receive_context& context, kernel_call& here, tcp_sock& sk, tcp_sequence seq,
                          tcp_sequence end_seq);
// rcv_nxt moved: blocks before it are done with.
void tcp_sack_remove(kernel_call& here, tcp_sock& sk);
// A D-SACK block would be due (tcp_dsack_set()).
bool reports_duplicates(const tcp_sock& sk);

}  // namespace rxpath
