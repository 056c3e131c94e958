// What every packet must pass before a socket sees it: the IPsec policy, TCP's signatures, the socket filter and the
// security modules' hooks. None of them refuses anything here unless a filter is attached; all of them cost.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/sock.h"

namespace rxpath {

// xfrm4_policy_check() with its out-of-line part, net/xfrm/xfrm_policy.c: no policy is installed, so it always agrees.
// `sk` is null when no full socket is concerned.
bool xfrm4_policy_check(receive_context& context, const sock* sk);
// net/ipv4/tcp.c: without MD5 and AO keys any segment passes, unless its options are malformed.
drop_reason tcp_inbound_hash(receive_context& context, const sk_buff& skb);
// net/core/filter.c: false when the packet is refused.
bool sk_filter_trim_cap(receive_context& context, const sock& sk);

}  // namespace rxpath
