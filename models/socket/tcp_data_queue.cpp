#include "models/socket/tcp_data_queue.h"

#include <algorithm>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/skb_free.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_ecn.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_ofo_queue.h"
#include "models/socket/tcp_receive_queue.h"
#include "models/socket/tcp_sack.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

using namespace path::tcp_data_queue;

constexpr fast_path_steps<path::tcp_data_queue::step> prediction_steps{still_out_of_order, window_closed, buffer_full,
                                                                       urgent_data_pending};

// Memory is short: the packet is given up, unless the queue is empty, so that the stream goes on.
bool given_up(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    here.took(no_memory);
    sk.icsk_ack.pending |= icsk_ack_nomem | icsk_ack_now | icsk_ack_sched;
    sock_def_readable(context, sk);
    if (!sk.sk_receive_queue.empty() && skb.len > 0) {
        here.took(given_up_for_memory);
        sk_skb_reason_drop(context, skb, drop_reason::PROTO_MEM, fn::tcp_data_queue);
        return true;
    }
    here.took(memory_forced);
    context.trace.leaf(fn::sk_forced_mem_schedule);
    sk_rmem_schedule(context, sk, skb.truesize);
    return false;
}

// A gap is filled, or the first part of it.
void look_out_of_order(receive_context& context, kernel_call& here, tcp_sock& sk) {
    if (sk.out_of_order_queue.empty()) return;
    tcp_ofo_queue(context, here, sk);
    if (!sk.out_of_order_queue.empty()) return;
    here.took(gap_filled);
    sk.icsk_ack.pending |= icsk_ack_now;
}

// In sequence: to the application.
void queue_and_out(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    if (!tcp_try_rmem_schedule(context, sk, skb) && given_up(context, here, sk, skb)) return;
    here.took(in_sequence);
    const bool eaten = tcp_queue_rcv(context, sk, skb);
    if (skb.len > 0)
        tcp_event_data_recv(context, sk, skb, skb.len);
    else
        here.took(bare_fin);
    if ((skb.tcp_cb.tcp_flags & tcphdr_fin) != 0) {
        here.took(with_fin);
        tcp_fin(context, sk);
    }
    look_out_of_order(context, here, sk);
    tcp_sack_remove(here, sk);
    tcp_fast_path_check(here, prediction_steps, sk);
    if (eaten) {
        here.took(merged);
        kfree_skb_partial(context);
    }
    if (!sk.sk_dead) tcp_data_ready(context, sk);
}

// Refused; the peer shall know at once where the window is.
void out_of_window(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb, drop_reason reason) {
    if (!tcp_enter_quickack_mode(sk)) here.took(quick_acks_left);
    inet_csk_schedule_ack(sk);
    sk_skb_reason_drop(context, skb, reason, fn::tcp_data_queue);
}

}  // namespace

namespace {

// tcp_rcv_rtt_measure(): a full window has come since the last measurement.
void tcp_rcv_rtt_measure(receive_context& context, kernel_call& here, tcp_sock& sk) {
    using namespace path::tcp_event_data_recv;
    auto& estimate = sk.rcv_rtt_est;
    if (estimate.time.value == 0) {
        here.took(rtt_begun);
    } else {
        if (before(sk.rcv_nxt, estimate.seq)) return;
        constexpr std::uint64_t picoseconds_per_microsecond = 1'000'000;
        const auto took_us = (context.now.value - estimate.time.value) / picoseconds_per_microsecond;
        const auto sample = std::max<std::uint64_t>(took_us, 1) << 3;
        here.took(rtt_sampled);
        if (estimate.rtt_us == 0)
            here.took(rtt_first);
        else if (sample < estimate.rtt_us)
            here.took(rtt_lower);
        if (estimate.rtt_us == 0 || sample < estimate.rtt_us) estimate.rtt_us = sample;
    }
    estimate.seq = sk.rcv_nxt + sk.rcv_wnd;
    estimate.time = context.now;
}

}  // namespace

void tcp_event_data_recv(receive_context& context, tcp_sock& sk, const sk_buff& skb, std::uint32_t bytes) {
    using namespace path::tcp_event_data_recv;
    constexpr std::uint32_t worth_growing = 128;
    kernel_call here{context.trace, fn::tcp_event_data_recv};
    auto& ack = sk.icsk_ack;
    inet_csk_schedule_ack(sk);
    tcp_measure_rcv_mss(context, sk, skb, bytes);
    tcp_rcv_rtt_measure(context, here, sk);
    const auto now = jiffies(context.now);
    const auto interval = now - ack.lrcvtime;
    if (ack.ato == 0) {
        here.took(first_data);
        if (!tcp_incr_quickack(sk)) here.took(quick_acks_left_at_first);
        ack.ato = tcp_ato_min;
    } else if (interval <= tcp_ato_min / 2) {
        ack.ato = ack.ato / 2 + tcp_ato_min / 2;
    } else if (interval < ack.ato) {
        here.took(interval_averaged);
        ack.ato = std::min({ack.ato / 2 + interval, sk.icsk_rto, tcp_delack_max});
    } else {
        here.took(interval_long);
        if (interval > sk.icsk_rto) {
            here.took(sender_restarted);
            if (!tcp_incr_quickack(sk)) here.took(path::tcp_event_data_recv::quick_acks_left);
        }
    }
    ack.lrcvtime = now;
    if (tcp_ecn_check_ce(context, sk, skb)) here.took(path::tcp_event_data_recv::ecn_agreed);
    if (bytes < worth_growing) return;
    here.took(window_may_grow);
    tcp_grow_window(context, sk, skb, bytes);
}

void tcp_data_ready(receive_context& context, tcp_sock& sk) {
    kernel_call here{context.trace, fn::tcp_data_ready};
    const auto unread = static_cast<std::int32_t>(sk.rcv_nxt - sk.copied_seq);
    if (unread > 0 || sk.sk_done) sock_def_readable(context, sk);
}

void tcp_cleanup_skb(receive_context& context, sk_buff& skb) {
    skb_dst_drop(context, skb);
    skb.pull(skb.tcp_hdr().doff() * 4u);
}

void tcp_data_queue(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_data_queue};
    const auto& cb = skb.tcp_cb;
    if (cb.seq == cb.end_seq) {
        here.took(no_data);
        return __kfree_skb(context, skb);
    }
    if (skb_dst(skb) != nullptr && !skb_dst_is_noref(skb)) here.took(dst_released);
    tcp_cleanup_skb(context, skb);
    const auto window = sk.receive_window();
    if (cb.seq == sk.rcv_nxt) {
        const bool bare = skb.len == 0 && (cb.tcp_flags & tcphdr_fin) != 0;
        if (window > 0 || bare) return queue_and_out(context, here, sk, skb);
        here.took(zero_window);
        return out_of_window(context, here, sk, skb, drop_reason::TCP_ZEROWINDOW);
    }
    if (!after(cb.end_seq, sk.rcv_nxt)) {
        here.took(old_data);
        if (reports_duplicates(sk)) here.took(old_data_reported);
        context.trace.leaf(fn::tcp_rcv_spurious_retrans);
        return out_of_window(context, here, sk, skb, drop_reason::TCP_OLD_DATA);
    }
    if (!before(cb.seq, sk.rcv_nxt + window)) {
        here.took(beyond_window);
        return out_of_window(context, here, sk, skb, drop_reason::TCP_OVERWINDOW);
    }
    if (after(cb.seq, sk.rcv_nxt)) return tcp_data_queue_ofo(context, here, sk, skb);
    here.took(partly_old);
    if (reports_duplicates(sk)) here.took(overlap_reported);
    if (window > 0) return queue_and_out(context, here, sk, skb);
    here.took(zero_window);
    out_of_window(context, here, sk, skb, drop_reason::TCP_ZEROWINDOW);
}

}  // namespace rxpath
