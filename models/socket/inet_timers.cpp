// The timers of inet_sockets: TIME_WAIT, delayed ACKs, half-open connections.
//
// A deadline that moves back is not searched for: when the old one comes, the new one is armed. A timer fires at the
// tick after its deadline, as the kernel's timer wheel rounds up.
#include <algorithm>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_output.h"

namespace rxpath {

namespace {

// A SYN-ACK and its five retries wait 1, 2, 4, 8, 16 and 32 seconds (net.ipv4.tcp_synack_retries).
constexpr std::uint64_t request_lifetime = 63 * tcp_timeout_init;
constexpr picoseconds not_armed{~std::uint64_t{0}};

// When a timer of the wheel fires.
picoseconds tick_after(std::uint64_t expires) { return {(expires + 1) * (picoseconds_per_second / hz)}; }

// When the socket wants to be looked at; not_armed: not any more.
picoseconds deadline(sock_common& sk) {
    if (sk.skc_state == TCP_TIME_WAIT) return sk.skc_hashed ? tick_after(inet_twsk(sk).expires) : not_armed;
    if (sk.skc_state == TCP_NEW_SYN_RECV) return sk.skc_hashed ? tick_after(inet_reqsk(sk).expires) : not_armed;
    const auto& ack = tcp_sk(sk).icsk_ack;
    const auto& compressed = tcp_sk(sk).compressed_ack;
    return std::min((ack.pending & icsk_ack_timer) != 0 ? tick_after(ack.timeout) : not_armed,
                    compressed.waiting > 0 ? compressed.expires : not_armed);
}

}  // namespace

void inet_sockets::arm(sock_common& sk, picoseconds when) {
    m_timers.push({when, m_timer_order++, &sk, sk.skc_generation});
}

void inet_sockets::run_timers(receive_context& context, picoseconds now) {
    while (!m_timers.empty() && m_timers.top().when <= now) {
        const auto due = m_timers.top();
        m_timers.pop();
        auto& sk = *due.sk;
        if (sk.skc_generation != due.generation) continue;
        sock_hold(sk);
        if (sk_fullsock(sk) && tick_after(tcp_sk(sk).delack_armed) == due.when) tcp_sk(sk).delack_armed = 0;
        const auto when = deadline(sk);
        if (when <= now)
            fire(context, sk);
        else if (when != not_armed && sk_fullsock(sk))
            arm_delayed_ack(tcp_sk(sk));
        else if (when != not_armed)
            arm(sk, when);
        sock_put(context, sk);
    }
}

void inet_sockets::fire(receive_context& context, sock_common& sk) {
    if (sk.skc_state == TCP_TIME_WAIT)
        kill_timewait(context, inet_twsk(sk));
    else if (sk.skc_state == TCP_NEW_SYN_RECV)
        drop_request(context, inet_reqsk(sk));
    else if (tcp_sk(sk).compressed_ack.waiting > 0)
        tcp_send_ack(context, tcp_sk(sk));  // tcp_compressed_ack_kick()
    else
        delayed_ack_timer(context, tcp_sk(sk));
}

// tcp_delack_timer_handler(): the ACK waited in vain for something to ride on.
void inet_sockets::delayed_ack_timer(receive_context& context, tcp_sock& sk) {
    auto& ack = sk.icsk_ack;
    ack.pending = static_cast<std::uint8_t>(ack.pending & ~icsk_ack_timer);
    if (sk.skc_state == TCP_CLOSE || !inet_csk_ack_scheduled(sk)) return;
    ack.ato = ack.pingpong ? tcp_ato_min : std::min({ack.ato * 2, sk.icsk_rto, tcp_delack_max});
    ack.pingpong = false;
    tcp_send_ack(context, sk);
}

void inet_sockets::arm_delayed_ack(tcp_sock& sk) {
    const auto timeout = sk.icsk_ack.timeout;
    if (sk.delack_armed != 0 && sk.delack_armed <= timeout) return;
    sk.delack_armed = timeout;
    arm(sk, tick_after(timeout));
}

void inet_sockets::arm_compressed_ack(tcp_sock& sk) { arm(sk, sk.compressed_ack.expires); }

void inet_sockets::add_request(receive_context& context, request_sock& req) {
    ++req.rsk_listener->icsk_accept_queue.qlen;
    req.snt_synack = context.now;
    req.expires = jiffies(context.now) + request_lifetime;
    m_hashinfo->ehash.insert(req);
    arm(req, tick_after(req.expires));
}

void inet_sockets::rearm_request(receive_context& context, request_sock& req) {
    req.expires = jiffies(context.now) + request_lifetime;
}

void inet_sockets::drop_request(receive_context& context, request_sock& req) {
    if (req.rsk_listener == nullptr) return;
    --req.rsk_listener->icsk_accept_queue.qlen;
    sock_put(context, *std::exchange(req.rsk_listener, nullptr));
    m_hashinfo->ehash.remove(req);
}

void inet_sockets::inet_twsk_reschedule(receive_context& context, inet_timewait_sock& tw) {
    const bool armed = tw.expires != 0;
    tw.expires = jiffies(context.now) + tcp_timewait_len;
    if (armed)
        context.trace.leaf(fn::__inet_twsk_schedule);
    else
        arm(tw, tick_after(tw.expires));
}

void inet_sockets::kill_timewait(receive_context& /*context*/, inet_timewait_sock& tw) { m_hashinfo->ehash.remove(tw); }

void inet_sockets::inet_twsk_deschedule_put(receive_context& context, inet_timewait_sock& tw) {
    context.trace.leaf(fn::inet_twsk_deschedule_put);
    kill_timewait(context, tw);
}

}  // namespace rxpath
