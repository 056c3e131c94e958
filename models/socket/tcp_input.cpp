#include "models/socket/tcp_input.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/socket/inet_sockets.h"
#include "models/socket/skb_checksum_complete.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_ack.h"
#include "models/socket/tcp_data_queue.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"
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

// The next segment in order, its flags, window and acknowledgement as expected.
bool header_predicted(kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    if (predicted_word(skb.tcp_hdr()) != sk.pred_flags) return false;
    here.took(flags_predicted);
    const auto& cb = skb.tcp_cb;
    if (cb.seq != sk.rcv_nxt) return false;
    here.took(sequence_predicted);
    if (before(cb.ack_seq, sk.snd_una) || after(cb.ack_seq, sk.snd_nxt)) return false;
    if (!sk.rx_opt.tstamp_ok) return true;
    here.took(timestamp_predicted);
    return sk.rx_opt.saw_tstamp && static_cast<std::int32_t>(sk.rx_opt.rcv_tsval - sk.rx_opt.ts_recent) >= 0;
}

void store_ts_recent(kernel_call& here, tcp_sock& sk) {
    if (!sk.rx_opt.tstamp_ok || sk.rcv_nxt != sk.rcv_wup) return;
    here.took(ts_recent_stored);
    sk.rx_opt.ts_recent = sk.rx_opt.rcv_tsval;
}

// tcp_rcv_rtt_measure_ts(). Left out: the sample itself, which needs the clock that the echoed timestamp was read from.
void measure_rtt(kernel_call& here, tcp_sock& sk) {
    if (sk.rx_opt.rcv_tsecr != sk.rcv_rtt_last_tsecr) here.took(tsecr_changed);
    sk.rcv_rtt_last_tsecr = sk.rx_opt.rcv_tsecr;
}

void csum_error(receive_context& context, sk_buff& skb) {
    tcp_drop_reason(context, skb, drop_reason::TCP_CSUM, fn::tcp_v4_do_rcv);
}

// Nothing but an acknowledgement.
void predicted_ack(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    here.took(pure_ack);
    store_ts_recent(here, sk);
    sk.rcv_rtt_last_tsecr = sk.rx_opt.rcv_tsecr;
    tcp_ack(context, sk, skb, {});
    context.trace.leaf(fn::__kfree_skb);
    skb_release_head_state(skb);
    tcp_data_snd_check(context);
}

// The data that was expected, with memory already reserved.
void predicted_data(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    here.took(queued_at_once);
    if (sk.rx_opt.tstamp_ok) here.took(ts_recent_compared);
    store_ts_recent(here, sk);
    measure_rtt(here, sk);
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
        return tcp_drop_reason(context, skb, verdict.reason, fn::tcp_rcv_established);
    }
    measure_rtt(here, sk);
    context.trace.leaf(fn::tcp_urg);
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
        return tcp_drop_reason(context, skb, drop_reason::TCP_FLAGS, fn::tcp_rcv_established);
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

void tcp_fast_path_check(tcp_sock& sk) {
    if (!sk.out_of_order_queue.empty() || sk.rcv_wnd == 0 || sk.sk_rmem_alloc >= sk.sk_rcvbuf || sk.urgent_data) return;
    sk.pred_flags = sk.tcp_header_len << 26 | std::uint32_t{tcphdr_ack} << 16 | sk.snd_wnd >> sk.rx_opt.snd_wscale;
}

void tcp_incr_quickack(tcp_sock& sk) {
    auto& ack = sk.icsk_ack;
    const auto fitting = sk.rcv_wnd / (2 * std::max(ack.rcv_mss, 1u));
    const auto quick = std::min(fitting == 0 ? 2 : fitting, tcp_max_quickacks);
    ack.quick = std::max(ack.quick, quick);
}

void tcp_enter_quickack_mode(tcp_sock& sk) {
    tcp_incr_quickack(sk);
    sk.icsk_ack.pingpong = false;
    sk.icsk_ack.ato = tcp_ato_min;
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

// A hole is reported at once: the peer without SACK counts duplicate ACKs.
bool hole_to_report(kernel_call& here, const tcp_sock& sk, bool ofo_possible) {
    using namespace path::__tcp_ack_snd_check;
    here.took(ofo_possible ? holes_looked_for : no_hole_possible);
    if (!ofo_possible || sk.out_of_order_queue.empty()) return false;
    here.took(hole);
    return true;
}

}  // namespace

void __tcp_ack_snd_check(receive_context& context, tcp_sock& sk, bool ofo_possible) {
    using namespace path::__tcp_ack_snd_check;
    kernel_call here{context.trace, fn::__tcp_ack_snd_check};
    const auto& ack = sk.icsk_ack;
    const bool now =
        full_frame_received(context, here, sk) || ack_owed_now(here, ack) || hole_to_report(here, sk, ofo_possible);
    context.trace.reason(
        [&] { return fmt::format("{} quick ACKs left: {}", ack.quick, now ? "ACK now" : "ACK delayed"); });
    here.took(now ? sent_now : delayed);
    if (now)
        tcp_send_ack(context, sk);
    else
        tcp_send_delayed_ack(context, sk);
}

void tcp_rcv_established(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_rcv_established};
    tcp_mstamp_refresh(context);
    if (sk.sk_rx_dst == nullptr) {
        here.took(rx_dst_missing);
        inet_sk_rx_dst_set(context, sk, skb);
    }
    parse_timestamps(skb, sk.rx_opt);
    if (!header_predicted(here, sk, skb)) return slow_path(context, here, sk, skb);
    if (skb.len == sk.tcp_header_len) return predicted_ack(context, here, sk, skb);
    if (skb.len < sk.tcp_header_len)
        return tcp_drop_reason(context, skb, drop_reason::PKT_TOO_SMALL, fn::tcp_rcv_established);
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
