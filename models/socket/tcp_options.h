// TCP's header options (tcp_parse_options() and its fast forms, net/ipv4/tcp_input.c) and the check that rests on them:
// a timestamp that goes back marks an old duplicate (PAWS, RFC 7323). Left out: fast open, MD5 and AO signatures,
// timestamps so old (24 days) that they say nothing.
#pragma once

#include "models/base/sk_buff.h"
#include "models/base/sysctl_ipv4.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

// What a SYN agrees to: maximum segment size, window scale, SACK, timestamps, as far as the sysctls let it.
tcp_options_received parse_syn_options(const sk_buff& skb, const sysctl_ipv4& sysctls);

// The timestamps of a segment, if it carries any, are put into `options`; what was agreed on stays.
void parse_timestamps(const sk_buff& skb, tcp_options_received& options);
// tcp_fast_parse_options(): of a segment on a connection. False when it carries no options.
bool tcp_fast_parse_options(const sk_buff& skb, tcp_options_received& options);
// Timestamps alone, where every stack puts them: after two no-operations. False when they are not there.
bool tcp_parse_aligned_timestamp(const sk_buff& skb, tcp_options_received& options);
// A well-formed SACK option is there.
bool carries_sack_blocks(const sk_buff& skb);

// tcp_paws_check(): the timestamp at hand is at most `window` older than the newest one. A peer that began with 0 has
// no timestamps yet.
bool tcp_paws_check(const tcp_options_received& options, std::int32_t window);
// tcp_paws_reject(): for the small sockets.
inline bool tcp_paws_reject(const tcp_options_received& options) {
    return options.saw_tstamp && !tcp_paws_check(options, 0);
}

}  // namespace rxpath
