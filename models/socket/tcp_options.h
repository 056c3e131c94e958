// TCP options (RFC 9293 §3.1, RFC 7323): the ones that receiving depends on (tcp_parse_options(),
// net/ipv4/tcp_input.c). Left out: SACK blocks, signatures, fast open cookies.
#pragma once

#include "models/base/sk_buff.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

// What a SYN offers. The packet's TCP header is linear.
tcp_options_received parse_syn_options(const sk_buff& skb);
// The timestamps of any other segment into saw_tstamp, rcv_tsval and rcv_tsecr.
void parse_timestamps(const sk_buff& skb, tcp_options_received& options);
// tcp_paws_discard(): the segment's timestamp is older than the last one accepted.
bool tcp_paws_discard(const tcp_options_received& options);

}  // namespace rxpath
