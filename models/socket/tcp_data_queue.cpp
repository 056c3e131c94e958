#include "models/socket/tcp_data_queue.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/socket/sock_memory.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

using namespace path::tcp_data_queue;

// So many sk_buffs at most become one (MAX_SKB_FRAGS): the first has its own head, each further one is a fragment.
constexpr std::uint32_t max_skb_frags = 17;
// What is freed of a merged sk_buff is its descriptor: SKB_DATA_ALIGN(sizeof(struct sk_buff)), bytes.
constexpr std::uint32_t sk_buff_truesize = 256;

// The packet as it stands in a queue from now on.
received_packet packet_of(sk_buff& skb) {
    const auto& cb = skb.tcp_cb;
    skb.queued = skb.len > 0;  // a bare FIN is nothing to read
    return {cb.seq, cb.end_seq, skb.len, skb.truesize, cb.tcp_flags, 0, skb.number, skb.arrival};
}

// tcp_try_coalesce(): the packet becomes a fragment of the one before it.
bool tcp_try_coalesce(receive_context& context, const std::vector<received_packet>& queue, received_packet& packet) {
    if (queue.empty()) return false;
    context.trace.leaf(fn::tcp_try_coalesce);
    const auto& tail = queue.back();
    if (packet.seq != tail.end_seq || tail.fragment == max_skb_frags) return false;
    packet.fragment = tail.fragment + 1;
    return true;
}

void enqueue(tcp_sock& sk, received_packet packet) {
    const auto overlap = sk.rcv_nxt - packet.seq;  // bytes that the application has already
    packet.bytes -= std::min(packet.bytes, overlap);
    sk.rcv_nxt = packet.end_seq;
    sk.sk_receive_queue.push_back(packet);
}

// tcp_try_rmem_schedule(): memory for the packet, if the socket may have more.
bool tcp_try_rmem_schedule(receive_context& context, tcp_sock& sk, const sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_try_rmem_schedule};
    if (sk.sk_rmem_alloc > sk.sk_rcvbuf) {
        here.took(path::tcp_try_rmem_schedule::over_limit);
        context.trace.reason([&] { return fmt::format("{} bytes queued, limit {}", sk.sk_rmem_alloc, sk.sk_rcvbuf); });
        return false;
    }
    if (static_cast<std::int32_t>(skb.truesize) > sk.sk_forward_alloc)
        here.took(path::tcp_try_rmem_schedule::scheduled);
    return sk_rmem_schedule(context, sk, skb.truesize);
}

// One sk_buff of the out-of-order queue, at `waiting`, with the packets merged into it. Answers the next one.
std::size_t move_from_out_of_order(receive_context& context, kernel_call& here, tcp_sock& sk, std::size_t waiting) {
    auto& queue = sk.out_of_order_queue;
    context.trace.leaf(fn::rb_next);
    context.trace.leaf(fn::rb_erase);
    auto next = waiting + 1;
    while (next < queue.size() && queue[next].fragment > 0) ++next;
    if (!after(queue[next - 1].end_seq, sk.rcv_nxt)) {
        context.trace.leaf(fn::sk_skb_reason_drop);
        for (auto i = waiting; i < next; ++i) {
            sk_mem_uncharge(sk, queue[i].truesize);
            context.drop(queue[i].number, drop_reason::TCP_OFO_DROP, fn::tcp_data_queue);
        }
        return next;
    }
    here.took(moved_from_out_of_order);
    auto head = queue[waiting];
    if (tcp_try_coalesce(context, sk.sk_receive_queue, head)) kfree_skb_partial(context);
    for (auto i = waiting; i < next; ++i) {
        auto packet = queue[i];
        packet.fragment = head.fragment + static_cast<std::uint32_t>(i - waiting);
        enqueue(sk, packet);
    }
    return next;
}

// What was out of order and is now the next moves over (tcp_ofo_queue()).
void tcp_ofo_queue(receive_context& context, kernel_call& here, tcp_sock& sk) {
    auto& queue = sk.out_of_order_queue;
    context.trace.leaf(fn::rb_first);
    std::size_t moved = 0;
    bool fin = false;  // nothing can follow it
    while (!fin && moved < queue.size() && !after(queue[moved].seq, sk.rcv_nxt)) {
        moved = move_from_out_of_order(context, here, sk, moved);
        fin = (queue[moved - 1].tcp_flags & tcphdr_fin) != 0;
    }
    queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(moved));
    if (fin) tcp_fin(context, sk);
}

// In sequence: to the application.
void queue_and_out(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    if (!tcp_try_rmem_schedule(context, sk, skb)) {
        here.took(no_memory);
        sk.icsk_ack.pending |= icsk_ack_nomem | icsk_ack_now | icsk_ack_sched;
        sock_def_readable(context, sk);
        if (!sk.sk_receive_queue.empty() && skb.len > 0)
            return tcp_drop_reason(context, skb, drop_reason::PROTO_MEM, fn::tcp_data_queue);
        sk_rmem_schedule(context, sk, skb.truesize);
    }
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
    if (!sk.out_of_order_queue.empty()) {
        here.took(gap_filled);
        tcp_ofo_queue(context, here, sk);
        if (!sk.out_of_order_queue.empty()) here.took(still_out_of_order);
        if (sk.out_of_order_queue.empty()) sk.icsk_ack.pending |= icsk_ack_now;
    }
    tcp_fast_path_check(sk);
    if (eaten) {
        here.took(merged);
        kfree_skb_partial(context);
    }
    if (!sk.sk_dead) tcp_data_ready(context, sk);
}

// tcp_data_queue_ofo(), which the compiler makes part of tcp_data_queue().
void tcp_data_queue_ofo(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    if (!tcp_try_rmem_schedule(context, sk, skb)) {
        here.took(no_memory);
        sock_def_readable(context, sk);
        return tcp_drop_reason(context, skb, drop_reason::PROTO_MEM, fn::tcp_data_queue);
    }
    tcp_measure_rcv_mss(context, sk, skb, skb.len);
    sk.pred_flags = 0;
    inet_csk_schedule_ack(sk);
    auto& waiting = sk.out_of_order_queue;
    auto packet = packet_of(skb);
    const auto at = std::find_if(waiting.begin(), waiting.end(),
                                 [&](const received_packet& p) { return after(p.seq, packet.seq); });
    const bool covered = at != waiting.begin() && !after(packet.end_seq, std::prev(at)->end_seq);
    if (covered) {
        here.took(out_of_order_again);
        return tcp_drop_reason(context, skb, drop_reason::TCP_OFOMERGE, fn::tcp_data_queue);
    }
    const bool last = at == waiting.end();
    if (last && tcp_try_coalesce(context, waiting, packet)) {
        here.took(out_of_order_merged);
        packet.truesize -= std::min(packet.truesize, sk_buff_truesize);
        kfree_skb_partial(context);
    } else {
        here.took(waiting.empty() ? out_of_order_first : last ? out_of_order_next : out_of_order_inserted);
        context.trace.leaf(fn::rb_insert_color);
        context.trace.leaf(fn::skb_condense);
    }
    sk_mem_charge(sk, packet.truesize);
    waiting.insert(at, packet);
}

// Refused; the peer shall know at once where the window is.
void out_of_window(receive_context& context, tcp_sock& sk, sk_buff& skb, drop_reason reason) {
    tcp_enter_quickack_mode(sk);
    inet_csk_schedule_ack(sk);
    tcp_drop_reason(context, skb, reason, fn::tcp_data_queue);
}

}  // namespace

void kfree_skb_partial(receive_context& context) {
    context.trace.leaf(fn::kfree_skb_partial);
    context.trace.leaf(fn::kmem_cache_free);
}

bool tcp_queue_rcv(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_queue_rcv};
    auto packet = packet_of(skb);
    const bool alone = sk.sk_receive_queue.empty();
    const bool eaten = tcp_try_coalesce(context, sk.sk_receive_queue, packet);
    if (!eaten && !alone) here.took(path::tcp_queue_rcv::not_merged);
    if (eaten) {
        here.took(path::tcp_queue_rcv::merged);
        packet.truesize -= std::min(packet.truesize, sk_buff_truesize);
    }
    sk_mem_charge(sk, packet.truesize);
    enqueue(sk, packet);
    return eaten;
}

namespace {

// tcp_rcv_rtt_measure(): a full window has come since the last measurement.
void tcp_rcv_rtt_measure(receive_context& context, kernel_call& here, tcp_sock& sk) {
    using namespace path::tcp_event_data_recv;
    auto& estimate = sk.rcv_rtt_est;
    if (sk.icsk_ack.ato != 0) {
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
        tcp_incr_quickack(sk);
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
            tcp_incr_quickack(sk);
        }
    }
    ack.lrcvtime = now;
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
        context.trace.leaf(fn::__kfree_skb);
        return skb_release_head_state(skb);
    }
    if (skb_dst(skb) != nullptr && !skb_dst_is_noref(skb)) here.took(dst_released);
    tcp_cleanup_skb(context, skb);
    const auto window = sk.receive_window();
    if (cb.seq == sk.rcv_nxt) {
        const bool bare = skb.len == 0 && (cb.tcp_flags & tcphdr_fin) != 0;
        if (window > 0 || bare) return queue_and_out(context, here, sk, skb);
        here.took(zero_window);
        return out_of_window(context, sk, skb, drop_reason::TCP_ZEROWINDOW);
    }
    if (!after(cb.end_seq, sk.rcv_nxt)) {
        here.took(old_data);
        context.trace.leaf(fn::tcp_rcv_spurious_retrans);
        return out_of_window(context, sk, skb, drop_reason::TCP_OLD_DATA);
    }
    if (!before(cb.seq, sk.rcv_nxt + window)) {
        here.took(beyond_window);
        return out_of_window(context, sk, skb, drop_reason::TCP_OVERWINDOW);
    }
    if (after(cb.seq, sk.rcv_nxt)) return tcp_data_queue_ofo(context, here, sk, skb);
    here.took(partly_old);
    if (sk.rx_opt.sack_ok) here.took(overlap_reported);
    if (window > 0) return queue_and_out(context, here, sk, skb);
    here.took(zero_window);
    out_of_window(context, sk, skb, drop_reason::TCP_ZEROWINDOW);
}

}  // namespace rxpath
