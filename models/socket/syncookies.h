// SYN cookies (net/ipv4/syncookies.c): a listener whose queue is full answers a SYN and remembers nothing; what it must
// know comes back with the peer's ACK.
//
// The kernel hides it in the sequence number of the SYN-ACK, under a hash, and in the timestamp. Here it is kept
// beside, by peer, for as long as such a number is good, because a replay gives the SYN-ACK the recorded number. Left
// out: guessing a number (one try in 2^24 succeeds).
#pragma once

#include <unordered_map>

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

class inet_sockets;

// What a SYN-ACK with a cookie tells its sender later.
struct syn_cookie {
    tcp_sequence isn;              // of the SYN-ACK
    tcp_sequence syn_isn;          // of the SYN
    std::uint8_t mss_index = 0;    // the peer's segment size is one of four
    tcp_options_received options;  // come back with the timestamp only
};

class syn_cookies {
public:
    void remember(const sock_common& request, const syn_cookie& cookie, picoseconds now);
    // The cookie that was sent to the peer; null when there is none or it is two minutes old.
    const syn_cookie* find(endpoint local, endpoint peer, picoseconds now);

private:
    using cookies_by_connection = std::unordered_map<std::uint64_t, syn_cookie>;
    void begin_period(picoseconds now);

    cookies_by_connection m_period[2];  // of this minute and of the last
    std::uint64_t m_minute = 0;
};

// The segment sizes that a cookie can stand for, bytes.
constexpr std::uint32_t cookie_msstab[] = {536, 1300, 1440, 1460};
// The largest of them that is not larger than `mss`.
std::uint8_t cookie_mss_index(std::uint32_t mss);

// There is a way to the peer (inet_csk_route_req()), whose metrics the window rests on.
bool route_exists(receive_context& context, inet_sockets& sockets, const request_sock& req);

// A segment without SYN for a listener (cookie_v4_check(), with tcp_v4_cookie_check()). Answers the new connection, the
// listener when the segment brings no cookie, null when the segment is dropped.
tcp_sock* cookie_v4_check(receive_context& context, tcp_sock& listener, sk_buff& skb);

}  // namespace rxpath
