// What TCP sends in answer (net/ipv4/tcp_output.c, net/ipv4/tcp_ipv4.c): acknowledgements at once or delayed, SYN-ACKs,
// resets, FINs. A packet sent is a sent_packet of the context; making it is closed: charged as a whole.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sysctl_ipv4.h"
#include "models/socket/tcp_route.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

void tcp_send_ack(receive_context& context, tcp_sock& sk);
// Owes the peer an ACK: arms the timer, or sends at once when it is about to fire anyway.
void tcp_send_delayed_ack(receive_context& context, tcp_sock& sk);
// A rate-limited ACK that makes the peer prove itself (RFC 5961).
void tcp_send_challenge_ack(receive_context& context, tcp_sock& sk);
// By the request's way; without one, nothing is sent.
void tcp_v4_send_synack(receive_context& context, const request_sock& req, const output_way& way);
// The answer to a segment that no connection takes. A reset is never answered, nor, without a socket (`sk` is null),
// what was not sent to an address of this host.
void tcp_v4_send_reset(receive_context& context, inet_sockets& sockets, const sock_common* sk, const sk_buff& skb);
// tcp_v4_send_ack() on behalf of a TIME_WAIT socket and of a request socket.
void tcp_v4_timewait_ack(receive_context& context, const inet_timewait_sock& tw);
void tcp_v4_reqsk_send_ack(receive_context& context, const request_sock& req);
// Sends `bytes` of data; the peer's ACK is due for them from now on. Carries an owed ACK.
void tcp_send_data(receive_context& context, tcp_sock& sk, std::uint32_t bytes);
void tcp_send_fin(receive_context& context, tcp_sock& sk);
// The reset of a connection that its application gives up with data unread.
void tcp_send_active_reset(receive_context& context, tcp_sock& sk);

// True when the answer to an out-of-window segment is withheld: at most one in net.ipv4.tcp_invalid_ratelimit, `last`
// its time in jiffies.
bool tcp_oow_rate_limited(receive_context& context, const sysctl_ipv4& sysctls, const sk_buff& skb,
                          std::uint64_t& last);

}  // namespace rxpath
