#include "models/socket/tcp_input.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/skb_checksum_complete.h"
#include "models/socket/skb_free.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_ack.h"
#include "models/socket/tcp_data_queue.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_receive_queue.h"
#include "models/socket/tcp_urg.h"
#include "models/socket/tcp_validate.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

using namespace path::tcp_rcv_established;

// The header word that prediction compares: header length, flags without PSH and the reserved ones, window
// (TCP_HP_BITS).
std::uint32_t predicted_word(const tcp_header_view& tcp) {
    return std::uint32_t{tcp.doff()} << 28 | (tcp.flags() & ~std::uint32_t{tcphdr_psh}) << 16 | tcp.window();
}

bool timestamp_in_order(kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    if (!tcp_parse_aligned_timestamp(skb, sk.rx_opt)) {
        here.took(timestamp_not_aligned);
        return false;
    }
    here.took(timestamp_predicted);
    if (sk.rx_opt.rcv_tsecr == 0) here.took(timestamp_not_echoed);
    if (static_cast<std::int32_t>(sk.rx_opt.rcv_tsval - sk.rx_opt.ts_recent) >= 0) return true;
    here.took(timestamp_older);
    return false;
}

// The next segment in order, its flags, window and acknowledgement as expected.
bool header_predicted(kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    if (predicted_word(skb.tcp_hdr()) != sk.pred_flags) return false;
    here.took(flags_predicted);
    const auto& cb = skb.tcp_cb;
    if (cb.seq != sk.rcv_nxt) return false;
    here.took(sequence_predicted);
    if (before(cb.ack_seq, sk.snd_una) || after(cb.ack_seq, sk.snd_nxt)) return false;
    return !sk.rx_opt.tstamp_ok || timestamp_in_order(here, sk, skb);
}

bool store_ts_recent(kernel_call& here, tcp_sock& sk) {
    if (!sk.rx_opt.tstamp_ok || sk.rcv_nxt != sk.rcv_wup) return false;
    here.took(ts_recent_stored);
    sk.rx_opt.ts_recent = sk.rx_opt.rcv_tsval;
    return true;
}

// tcp_rcv_rtt_update() with a sample that does not depend on the window: the lowest, or an average.
void update_receive_rtt(kernel_call& here, tcp_sock& sk, std::uint64_t sample_us) {
    auto& estimate = sk.rcv_rtt_est.rtt_us;
    const auto eighths = sample_us << 3;
    if (eighths < estimate) {
        estimate = eighths;
        return;
    }
    here.took(round_trip_not_lower);
    if (estimate != 0) here.took(round_trip_averaged);
    estimate = estimate == 0 ? eighths : estimate - (estimate >> 3) + sample_us;
}

// tcp_rcv_rtt_measure_ts(): how long ago the host sent the timestamp that a full segment echoes.
template <class Step>
void measure_rtt(receive_context& context, kernel_call& here, Step sampled, tcp_sock& sk, const sk_buff& skb) {
    const auto tsecr = sk.rx_opt.rcv_tsecr;
    if (tsecr == sk.rcv_rtt_last_tsecr) return;
    here.took(tsecr_changed);
    sk.rcv_rtt_last_tsecr = tsecr;
    if (skb.tcp_cb.end_seq - skb.tcp_cb.seq < sk.icsk_ack.rcv_mss) return;
    here.took(round_trip_looked_at);
    constexpr std::uint32_t longest = INT32_MAX / 1000;
    const auto passed_ms = tcp_clock_ms(context.now) + sk.tsoffset - tsecr;
    if (passed_ms - 1 >= longest) return;
    here.took(sampled);
    update_receive_rtt(here, sk, std::uint64_t{passed_ms} * 1000);
}

void csum_error(receive_context& context, sk_buff& skb) {
    sk_skb_reason_drop(context, skb, drop_reason::TCP_CSUM, fn::tcp_v4_do_rcv);
}

// Nothing but an acknowledgement.
void predicted_ack(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    here.took(pure_ack);
    store_ts_recent(here, sk);
    sk.rcv_rtt_last_tsecr = sk.rx_opt.rcv_tsecr;
    tcp_ack(context, sk, skb, {});
    __kfree_skb(context, skb);
    tcp_data_snd_check(context);
}

// The data that was expected, with memory already reserved.
void predicted_data(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    here.took(queued_at_once);
    if (sk.rx_opt.tstamp_ok) here.took(ts_recent_compared);
    if (store_ts_recent(here, sk)) here.took(ts_recent_stored_with_data);
    measure_rtt(context, here, round_trip_sampled_at_once, sk, skb);
    tcp_cleanup_skb(context, skb);
    const bool eaten = tcp_queue_rcv(context, sk, skb);
    tcp_event_data_recv(context, sk, skb, skb.len);
    if (skb.tcp_cb.ack_seq != sk.snd_una) {
        here.took(acknowledges_too);
        tcp_ack(context, sk, skb, {});
        tcp_data_snd_check(context);
    } else {
        sk.snd_wl1 = skb.tcp_cb.seq;
    }
    if (inet_csk_ack_scheduled(sk)) __tcp_ack_snd_check(context, sk, false);
    if (eaten) {
        here.took(merged);
        kfree_skb_partial(context);
    }
    tcp_data_ready(context, sk);
}

// From the acknowledgement on (step5), for segments that prediction does not settle.
void acknowledge_and_queue(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    here.took(processed);
    const auto verdict = tcp_ack(context, sk, skb, {true, false});
    if (verdict.result == tcp_ack_result::refused) {
        here.took(ack_refused);
        return sk_skb_reason_drop(context, skb, verdict.reason, fn::tcp_rcv_established);
    }
    measure_rtt(context, here, round_trip_sampled, sk, skb);
    tcp_urg(context, sk, skb);
    tcp_data_queue(context, sk, skb);
    tcp_data_snd_check(context);
    if (inet_csk_ack_scheduled(sk)) {
        here.took(ack_owed);
        __tcp_ack_snd_check(context, sk, true);
    }
}

void slow_path(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    const auto tcp = skb.tcp_hdr();
    if (!skb_csum_unnecessary(skb)) here.took(slow_checksum_unverified);
    if (transport_checksum_wrong(context, skb)) {
        here.took(slow_checksum_wrong);
        return csum_error(context, skb);
    }
    if (!tcp.ack() && !tcp.rst() && !tcp.syn()) {
        here.took(no_flags);
        return sk_skb_reason_drop(context, skb, drop_reason::TCP_FLAGS, fn::tcp_rcv_established);
    }
    here.took(validated);
    if (tcp_validate_incoming(context, sk, skb)) acknowledge_and_queue(context, here, sk, skb);
}

}  // namespace

void tcp_mstamp_refresh(receive_context& context) {
    kernel_call here{context.trace, fn::tcp_mstamp_refresh};
    context.trace.leaf(fn::ktime_get);
}

void tcp_data_snd_check(receive_context& context) { context.trace.leaf(fn::tcp_check_space); }

void tcp_fast_path_on(tcp_sock& sk) {
    sk.pred_flags = sk.tcp_header_len << 26 | std::uint32_t{tcphdr_ack} << 16 | sk.snd_wnd >> sk.rx_opt.snd_wscale;
}

fast_path_obstacle tcp_fast_path_check(tcp_sock& sk) {
    if (!sk.out_of_order_queue.empty()) return fast_path_obstacle::hole;
    if (sk.rcv_wnd == 0) return fast_path_obstacle::window_closed;
    if (sk.sk_rmem_alloc >= sk.sk_rcvbuf) return fast_path_obstacle::buffer_full;
    if (sk.urg_data != urgent_data::none) return fast_path_obstacle::urgent_data;
    tcp_fast_path_on(sk);
    return fast_path_obstacle::none;
}

bool tcp_incr_quickack(tcp_sock& sk, std::uint32_t most) {
    auto& ack = sk.icsk_ack;
    const auto fitting = sk.rcv_wnd / (2 * std::max(ack.rcv_mss, 1u));
    const auto quick = std::min(fitting == 0 ? 2 : fitting, most);
    const bool raised = ack.quick < quick;
    if (raised) ack.quick = quick;
    return raised;
}

bool tcp_enter_quickack_mode(tcp_sock& sk, std::uint32_t most) {
    const bool raised = tcp_incr_quickack(sk, most);
    sk.icsk_ack.pingpong = false;
    sk.icsk_ack.ato = tcp_ato_min;
    return raised;
}

namespace {

// More than a full segment is unacknowledged and the window did not shrink meanwhile.
bool full_frame_received(receive_context& context, kernel_call& here, tcp_sock& sk) {
    using namespace path::__tcp_ack_snd_check;
    if (sk.rcv_nxt - sk.rcv_wup <= sk.icsk_ack.rcv_mss) return false;
    here.took(full_frame);
    if (sk.rcv_nxt == sk.copied_seq) return true;  // fewer bytes unread than SO_RCVLOWAT
    here.took(window_computed);
    context.trace.leaf(fn::__tcp_select_window);
    return __tcp_select_window(sk) >= sk.rcv_wnd;
}

// A quick ACK is left, or an immediate one is owed.
bool ack_owed_now(kernel_call& here, const delayed_ack& ack) {
    using namespace path::__tcp_ack_snd_check;
    here.took(quickack_looked_at);
    if (ack.quick > 0) here.took(quick_left);
    if (ack.quick > 0 && !ack.pingpong) return true;
    if (ack.quick > 0) here.took(answered_by_data);
    here.took(pending_looked_at);
    return (ack.pending & icsk_ack_now) != 0;
}

enum class ack_time : std::uint8_t { now, delayed, compressed };

// A hole is reported at once: the peer without SACK counts duplicate ACKs. One with SACK needs no more than three.
ack_time hole_report(kernel_call& here, tcp_sock& sk) {
    using namespace path::__tcp_ack_snd_check;
    here.took(hole);
    if (!sk.rx_opt.sack_ok) return ack_time::now;
    auto& compressed = sk.compressed_ack;
    here.took(reports_compared);
    if (compressed.waiting >= sk.skc_sockets->sysctls().tcp_comp_sack_nr) return ack_time::now;
    here.took(duplicates_compared);
    if (compressed.rcv_nxt != sk.rcv_nxt) {
        here.took(duplicates_counted_anew);
        compressed.rcv_nxt = sk.rcv_nxt;
        compressed.duplicates = 0;
    }
    constexpr std::uint8_t tcp_fastretrans_thresh = 3;
    if (compressed.duplicates == tcp_fastretrans_thresh) return ack_time::compressed;
    here.took(duplicate_counted);
    ++compressed.duplicates;
    return ack_time::now;
}

ack_time when_to_ack(receive_context& context, kernel_call& here, tcp_sock& sk, bool ofo_possible) {
    using namespace path::__tcp_ack_snd_check;
    if (full_frame_received(context, here, sk) || ack_owed_now(here, sk.icsk_ack)) return ack_time::now;
    here.took(ofo_possible ? holes_looked_for : no_hole_possible);
    return ofo_possible && !sk.out_of_order_queue.empty() ? hole_report(here, sk) : ack_time::delayed;
}

// One more report of a hole that waits for the others; a timer of at most a millisecond sends them as one.
void compress_ack(kernel_call& here, receive_context& context, tcp_sock& sk) {
    using namespace path::__tcp_ack_snd_check;
    auto& compressed = sk.compressed_ack;
    const bool timer_runs = compressed.waiting++ > 0;
    here.took(timer_runs ? compressed_again : compressed_first);
    if (timer_runs) return;
    context.trace.leaf(fn::hrtimer_start_range_ns);
    // A twentieth of the round trip, which rcv_rtt_est holds in eighths of a microsecond.
    const auto round_trip = sk.rcv_rtt_est.rtt_us * 125'000;
    compressed.expires = context.now + picoseconds{std::min(round_trip / 20, milliseconds(1).value)};
    sk.skc_sockets->arm_compressed_ack(sk);
}

}  // namespace

namespace {

// While the owner works off its backlog, one ACK at the end stands for all (net.ipv4.tcp_backlog_ack_defer).
void send_now(receive_context& context, kernel_call& here, tcp_sock& sk) {
    if (!sk.sk_owned || sk.skc_sockets->sysctls().tcp_backlog_ack_defer == 0) return tcp_send_ack(context, sk);
    here.took(path::__tcp_ack_snd_check::ack_deferred);
    sk.ack_deferred = true;
}

}  // namespace

void __tcp_ack_snd_check(receive_context& context, tcp_sock& sk, bool ofo_possible) {
    using namespace path::__tcp_ack_snd_check;
    kernel_call here{context.trace, fn::__tcp_ack_snd_check};
    const auto when = when_to_ack(context, here, sk, ofo_possible);
    context.trace.reason([&] {
        return fmt::format("{} bytes wait for an ACK (rcv_mss is {}), {} quick ACKs are left: the ACK {}",
                           sk.rcv_nxt - sk.rcv_wup, sk.icsk_ack.rcv_mss, sk.icsk_ack.quick,
                           when == ack_time::now       ? "goes now"
                           : when == ack_time::delayed ? "is delayed"
                                                       : "waits for others of the same kind");
    });
    switch (when) {
        case ack_time::now:
            here.took(sent_now);
            return send_now(context, here, sk);
        case ack_time::delayed:
            here.took(delayed);
            return tcp_send_delayed_ack(context, sk);
        case ack_time::compressed:
            return compress_ack(here, context, sk);
    }
}

void tcp_rcv_established(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_rcv_established};
    tcp_mstamp_refresh(context);
    if (sk.sk_rx_dst == nullptr) {
        here.took(rx_dst_missing);
        inet_sk_rx_dst_set(context, sk, skb);
    }
    sk.rx_opt.saw_tstamp = false;
    if (!header_predicted(here, sk, skb)) return slow_path(context, here, sk, skb);
    if (skb.len == sk.tcp_header_len) return predicted_ack(context, here, sk, skb);
    if (skb.len < sk.tcp_header_len)
        return sk_skb_reason_drop(context, skb, drop_reason::PKT_TOO_SMALL, fn::tcp_rcv_established);
    here.took(data);
    if (!skb_csum_unnecessary(skb)) here.took(checksum_unverified);
    if (transport_checksum_wrong(context, skb)) {
        here.took(checksum_wrong);
        return csum_error(context, skb);
    }
    if (static_cast<std::int32_t>(skb.truesize) > sk.sk_forward_alloc)
        return acknowledge_and_queue(context, here, sk, skb);
    predicted_data(context, here, sk, skb);
}

}  // namespace rxpath
