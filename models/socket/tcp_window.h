// The receive window (net/ipv4/tcp_output.c, net/ipv4/tcp_input.c): how much is offered to the peer, the guess of its
// segment size that this rests on, and how both follow the data.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sysctl_ipv4.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

// Bytes of payload that `space` bytes of buffer hold.
constexpr std::uint32_t tcp_win_from_space(const tcp_sock& sk, std::int64_t space) {
    return space <= 0 ? 0 : static_cast<std::uint32_t>(space * sk.scaling_ratio >> 8);
}
// Free and full receive buffer, in bytes of payload.
std::uint32_t tcp_space(const tcp_sock& sk);
std::uint32_t tcp_full_space(const tcp_sock& sk);
// tcp_space_from_win(): the buffer that so many bytes of payload need.
std::uint32_t tcp_space_from_win(const tcp_sock& sk, std::uint64_t window);

// tcp_select_initial_window(): window, clamp and scale for a new connection of the listener.
// `advmss` is announced to the peer.
void tcp_openreq_init_rwin(request_sock& req, const tcp_sock& listener, const sysctl_ipv4& sysctls,
                           std::uint32_t advmss);
// tcp_init_buffer_space(), when a connection is established.
void tcp_init_buffer_space(tcp_sock& sk, picoseconds now);
// tcp_rcv_space_adjust(), when the application has read: more read in a round trip than ever before means that the
// buffer may limit the peer, so it grows (net.ipv4.tcp_moderate_rcvbuf).
void tcp_rcv_space_adjust(tcp_sock& sk, picoseconds now);
// Bytes of a segment to expect at first (tcp_initialize_rcv_mss()).
void tcp_initialize_rcv_mss(tcp_sock& sk);

// The window that the next segment will carry, scaled; the socket remembers what it offered.
std::uint16_t tcp_select_window(tcp_sock& sk);
// The window in bytes that could be offered now.
std::uint32_t __tcp_select_window(tcp_sock& sk);

// A segment of `bytes` arrived: how large the peer's segments are.
void tcp_measure_rcv_mss(receive_context& context, tcp_sock& sk, const sk_buff& skb, std::uint32_t bytes);
// And whether the window may grow.
// With `adjust`, a packet without linear data does not count its head; this one has always some.
void tcp_grow_window(receive_context& context, tcp_sock& sk, const sk_buff& skb, std::uint32_t bytes,
                     bool adjust = true);

}  // namespace rxpath
