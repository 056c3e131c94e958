// The states other than ESTABLISHED, and how a connection leaves them (net/ipv4/tcp_input.c).
#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/skb_free.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_ack.h"
#include "models/socket/tcp_conn_request.h"
#include "models/socket/tcp_data_queue.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_minisocks.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_urg.h"
#include "models/socket/tcp_validate.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

using namespace path::tcp_rcv_state_process;
constexpr auto dealt_with = drop_reason::NOT_DROPPED_YET;

drop_reason discard(receive_context& context, sk_buff& skb, drop_reason reason) {
    sk_skb_reason_drop(context, skb, reason, fn::tcp_rcv_state_process);
    return dealt_with;
}

drop_reason consume(receive_context& context, sk_buff& skb) {
    __kfree_skb(context, skb);
    return dealt_with;
}

void tcp_set_state(receive_context& context, tcp_sock& sk, tcp_state state) {
    context.trace.reason(
        [&] { return fmt::format("the socket goes from {} to {}", to_string(sk.skc_state), to_string(state)); });
    sk.skc_state = state;
}

drop_reason listen(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    const auto tcp = skb.tcp_hdr();
    if (tcp.ack()) return drop_reason::TCP_FLAGS;
    if (tcp.rst()) return discard(context, skb, drop_reason::TCP_RESET);
    if (!tcp.syn() || tcp.fin()) return discard(context, skb, drop_reason::TCP_FLAGS);
    here.took(new_connection);
    tcp_v4_conn_request(context, sk, skb);
    consume_skb(context, skb);
    return dealt_with;
}

// SYN_RECV: the third packet was good.
void establish(receive_context& context, kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    constexpr std::uint32_t tcpolen_tstamp_aligned = 12;
    here.took(established);
    if (sk.rx_opt.tstamp_ok) sk.advmss -= tcpolen_tstamp_aligned;
    sk.copied_seq = sk.rcv_nxt;
    tcp_init_buffer_space(sk, context.now);
    tcp_set_state(context, sk, TCP_ESTABLISHED);
    sk.snd_una = skb.tcp_cb.ack_seq;
    sk.snd_wnd = std::uint32_t{skb.tcp_hdr().window()} << sk.rx_opt.snd_wscale;
    sk.snd_wl1 = skb.tcp_cb.seq;
    tcp_initialize_rcv_mss(sk);
    tcp_fast_path_on(sk);
}

// FIN_WAIT1: answers true when the packet is used up: what is left of the connection waits in a TIME_WAIT socket.
bool fin_acknowledged(receive_context& context, tcp_sock& sk, const sk_buff& skb) {
    if (sk.snd_una != sk.write_seq) return false;
    tcp_set_state(context, sk, TCP_FIN_WAIT2);
    sk.sk_shutdown |= send_shutdown;
    if (!sk.sk_dead || skb.tcp_hdr().fin() || sk.sk_owned) return false;
    tcp_time_wait(context, sk, TCP_FIN_WAIT2);
    return true;
}

bool data_after_close(const tcp_sock& sk, const sk_buff& skb) {
    const auto& cb = skb.tcp_cb;
    return cb.end_seq != cb.seq && after(cb.end_seq - skb.tcp_hdr().fin(), sk.rcv_nxt);
}

// What the acknowledgement does to the state. Answers true when the packet is used up.
bool acknowledge(receive_context& context, kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    switch (sk.skc_state) {
        case TCP_SYN_RECV:
            establish(context, here, sk, skb);
            return false;
        case TCP_FIN_WAIT1:
            return fin_acknowledged(context, sk, skb);
        case TCP_CLOSING:
            if (sk.snd_una != sk.write_seq) return false;
            tcp_time_wait(context, sk, TCP_TIME_WAIT);
            return true;
        case TCP_LAST_ACK:
            if (sk.snd_una != sk.write_seq) return false;
            context.trace.leaf(fn::tcp_done);
            tcp_done(context, sk);
            return true;
        default:
            return false;
    }
}

// Data and FIN by state. Answers a reason when the peer must be reset.
drop_reason process_text(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    const auto state = sk.skc_state;
    const bool only_old = state == TCP_CLOSE_WAIT || state == TCP_CLOSING || state == TCP_LAST_ACK;
    bool queued = false;
    if (!only_old || before(skb.tcp_cb.seq, sk.rcv_nxt)) {
        if (state != TCP_ESTABLISHED && (sk.sk_shutdown & rcv_shutdown) != 0 && data_after_close(sk, skb)) {
            here.took(data_after_shutdown);
            tcp_reset(context, sk);
            return drop_reason::TCP_ABORT_ON_DATA;
        }
        tcp_data_queue(context, sk, skb);
        queued = true;
    }
    if (sk.skc_state != TCP_CLOSE) {
        tcp_data_snd_check(context);
        if (inet_csk_ack_scheduled(sk)) __tcp_ack_snd_check(context, sk, true);
    }
    return queued ? dealt_with : discard(context, skb, drop_reason::NOT_SPECIFIED);
}

}  // namespace

drop_reason tcp_rcv_state_process(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_rcv_state_process};
    if (sk.skc_state == TCP_CLOSE) return discard(context, skb, drop_reason::TCP_CLOSE);
    if (sk.skc_state == TCP_LISTEN) return listen(context, here, sk, skb);
    here.took(connected);
    tcp_mstamp_refresh(context);
    const auto tcp = skb.tcp_hdr();
    if (!tcp.ack() && !tcp.rst() && !tcp.syn()) return discard(context, skb, drop_reason::TCP_FLAGS);
    if (!tcp_validate_incoming(context, sk, skb)) return dealt_with;
    const auto verdict = tcp_ack(context, sk, skb, {true, true});
    if (verdict.result != tcp_ack_result::accepted && sk.skc_state == TCP_SYN_RECV) return verdict.reason;
    if (verdict.result == tcp_ack_result::refused) {
        tcp_send_challenge_ack(context, sk);
        return discard(context, skb, verdict.reason);
    }
    if (acknowledge(context, here, sk, skb)) return consume(context, skb);
    tcp_urg(context, sk, skb);
    return process_text(context, here, sk, skb);
}

namespace {

void purge(receive_context& context, tcp_sock& sk, std::vector<received_packet>& queue, drop_reason reason,
           function_number at) {
    for (const auto& packet : queue) {
        sk_mem_uncharge(sk, packet.truesize);
        if (!packet.merged) context.drop(packet.number, reason, at);
        context.settle(packet.number, reason);
    }
    queue.clear();
}

}  // namespace

void inet_csk_destroy_sock(receive_context& context, tcp_sock& sk) {
    purge(context, sk, sk.out_of_order_queue, drop_reason::NOT_SPECIFIED, fn::tcp_done);
    purge(context, sk, sk.sk_receive_queue, drop_reason::QUEUE_PURGE, fn::tcp_done);
}

void tcp_done(receive_context& context, tcp_sock& sk) {
    tcp_set_state(context, sk, TCP_CLOSE);
    sk.sk_shutdown = rcv_shutdown | send_shutdown;
    sk.icsk_ack.pending = 0;
    sk.skc_sockets->unhash(sk);
    if (sk.sk_dead)
        inet_csk_destroy_sock(context, sk);
    else
        context.woken.push_back(&sk);
}

void tcp_reset(receive_context& context, tcp_sock& sk) {
    if (sk.skc_state == TCP_CLOSE) return;
    context.trace.leaf(fn::tcp_reset);
    tcp_done(context, sk);
}

void tcp_fin(receive_context& context, tcp_sock& sk) {
    kernel_call here{context.trace, fn::tcp_fin};
    inet_csk_schedule_ack(sk);
    sk.sk_shutdown |= rcv_shutdown;
    sk.sk_done = true;
    switch (sk.skc_state) {
        case TCP_SYN_RECV:
        case TCP_ESTABLISHED:
            tcp_set_state(context, sk, TCP_CLOSE_WAIT);
            sk.icsk_ack.pingpong = true;
            break;
        case TCP_FIN_WAIT1:
            tcp_send_ack(context, sk);
            tcp_set_state(context, sk, TCP_CLOSING);
            break;
        case TCP_FIN_WAIT2:
            tcp_send_ack(context, sk);
            tcp_time_wait(context, sk, TCP_TIME_WAIT);
            break;
        default:
            break;
    }
    purge(context, sk, sk.out_of_order_queue, drop_reason::NOT_SPECIFIED, fn::tcp_fin);
    sk.rx_opt.num_sacks = 0;
    if (!sk.sk_dead) context.woken.push_back(&sk);
}

}  // namespace rxpath
