// Explicit congestion notification (RFC 3168; tcp_ecn_*(), net/ipv4/tcp_input.c): routers mark packets instead of
// dropping them, the receiver echoes the mark, and does not delay ACKs then. Left out: congestion control that asks for
// it by itself (DCTCP), AccECN, routes with the ECN feature.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sysctl_ipv4.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

// The SYN asks for it, and may have it (net.ipv4.tcp_ecn).
bool tcp_ecn_create_request(const sysctl_ipv4& sysctls, const sk_buff& syn);
// A segment with data came. False when the connection has not agreed on it, so that nothing was looked at.
bool tcp_ecn_check_ce(receive_context& context, tcp_sock& sk, const sk_buff& skb);

}  // namespace rxpath
