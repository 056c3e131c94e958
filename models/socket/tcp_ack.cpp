#include "models/socket/tcp_ack.h"

#include <algorithm>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"

namespace rxpath {

namespace {

using namespace path::tcp_ack;

constexpr fast_path_steps<path::tcp_ack::step> prediction_steps{prediction_off, prediction_off_window_closed,
                                                                prediction_off_buffer_full, prediction_off_urgent};

// tcp_ack_update_window(): a newer segment, or a wider window in the same one, tells the peer's window.
void tcp_ack_update_window(kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    const auto& cb = skb.tcp_cb;
    const std::uint32_t window = std::uint32_t{skb.tcp_hdr().window()}
                                 << (skb.tcp_hdr().syn() ? 0 : sk.rx_opt.snd_wscale);
    const bool newer = after(cb.ack_seq, sk.snd_una) || after(cb.seq, sk.snd_wl1);
    if (!newer && cb.seq == sk.snd_wl1) {
        here.took(segment_not_newer);
        if (window > sk.snd_wnd)
            here.took(window_wider);
        else if (window == 0)
            here.took(window_zero);
    } else if (!newer) {
        here.took(segment_older);
    }
    if (!tcp_may_update_window(sk, skb, window)) return;
    sk.snd_wl1 = cb.seq;
    if (sk.snd_wnd == window) return;
    here.took(window_changed);
    sk.snd_wnd = window;
    sk.pred_flags = 0;
    tcp_fast_path_check(here, prediction_steps, sk);
    if (window <= sk.max_window) return;
    here.took(max_window_raised);
    sk.max_window = window;
}

void tcp_snd_una_update(tcp_sock& sk, tcp_sequence ack) {
    sk.bytes_acked += ack - sk.snd_una;
    sk.snd_una = ack;
}

void tcp_replace_ts_recent(receive_context& context, tcp_sock& sk, const sk_buff& skb) {
    context.trace.leaf(fn::tcp_replace_ts_recent);
    if (sk.rx_opt.saw_tstamp && !after(skb.tcp_cb.seq, sk.rcv_wup) && tcp_paws_check(sk.rx_opt, 0))
        sk.rx_opt.ts_recent = sk.rx_opt.rcv_tsval;
}

// tcp_ecn_rcv_ecn_echo() and tcp_ecn_accept_cwr(): the peer saw this host's packets marked; it has slowed down itself,
// and waits for ACKs.
void look_at_congestion_flags(kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    if ((skb.tcp_cb.tcp_flags & tcphdr_ece) != 0 && !skb.tcp_hdr().syn()) {
        here.took(congestion_echoed);
        if ((sk.ecn_flags & tcp_ecn_ok) != 0) here.took(congestion_echo_agreed);
    }
    if ((skb.tcp_cb.tcp_flags & tcphdr_cwr) == 0) return;
    here.took(congestion_window_reduced);
    sk.ecn_flags &= static_cast<std::uint8_t>(~tcp_ecn_demand_cwr);
    if (skb.tcp_cb.seq == skb.tcp_cb.end_seq) return;
    here.took(reduced_with_data);
    sk.icsk_ack.pending |= icsk_ack_now;
}

tcp_ack_verdict old_ack(receive_context& context, tcp_sock& sk, tcp_ack_flags flags, std::uint32_t behind) {
    const auto most = std::min<std::uint64_t>(sk.max_window, sk.bytes_acked);
    if (behind <= most) return {tcp_ack_result::old, drop_reason::TCP_OLD_ACK};
    if (!flags.no_challenge_ack) tcp_send_challenge_ack(context, sk);
    return {tcp_ack_result::refused, drop_reason::TCP_TOO_OLD_ACK};
}

}  // namespace

bool tcp_may_update_window(const tcp_sock& sk, const sk_buff& skb, std::uint32_t window) {
    const auto& cb = skb.tcp_cb;
    return after(cb.ack_seq, sk.snd_una) || after(cb.seq, sk.snd_wl1) ||
           (cb.seq == sk.snd_wl1 && (window > sk.snd_wnd || window == 0));
}

tcp_ack_verdict tcp_ack(receive_context& context, tcp_sock& sk, const sk_buff& skb, tcp_ack_flags flags) {
    kernel_call here{context.trace, fn::tcp_ack};
    const auto ack = skb.tcp_cb.ack_seq;
    if (before(ack, sk.snd_una)) {
        here.took(too_old);
        const auto verdict = old_ack(context, sk, flags, sk.snd_una - ack);
        if (flags.slowpath && verdict.result == tcp_ack_result::old) tcp_replace_ts_recent(context, sk, skb);
        if (verdict.result == tcp_ack_result::refused) here.took(refused);
        return verdict;
    }
    if (after(ack, sk.snd_nxt)) {
        here.took(of_unsent_data);
        return {tcp_ack_result::refused, drop_reason::TCP_ACK_UNSENT_DATA};
    }
    if (sk.rx_opt.sack_ok) here.took(sack_agreed);
    const bool advances = after(ack, sk.snd_una);
    if (flags.slowpath) tcp_replace_ts_recent(context, sk, skb);
    if (!flags.slowpath && advances) {
        here.took(predicted_advance);
        sk.snd_wl1 = skb.tcp_cb.seq;
        tcp_snd_una_update(sk, ack);
    } else {
        if (!flags.slowpath) here.took(predicted);
        if (flags.slowpath && skb.tcp_cb.seq == skb.tcp_cb.end_seq) here.took(without_data);
        tcp_ack_update_window(here, sk, skb);
        if (advances) tcp_snd_una_update(sk, ack);
        if (flags.slowpath && sk.rx_opt.sack_ok && carries_sack_blocks(skb)) here.took(sack_blocks);
        look_at_congestion_flags(here, sk, skb);
    }
    if (advances) here.took(data_acknowledged);
    context.trace.leaf(fn::tcp_in_ack_event);
    return {};
}

}  // namespace rxpath
