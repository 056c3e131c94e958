// TIME_WAIT: what a closed connection leaves behind, so that its stragglers do not meet a new one.
#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_minisocks.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_validate.h"

namespace rxpath {

namespace {

using namespace path::tcp_timewait_state_process;

// The segment's timestamp, if the connection used them, beside the newest before it.
struct timewait_timestamp {
    bool seen = false, rejected = false, newer = false;
    std::uint32_t tsval = 0;
};

timewait_timestamp timestamp_of(kernel_call& here, const inet_timewait_sock& tw, const sk_buff& skb) {
    if (skb.tcp_hdr().doff() * 4u == tcp_header_view::size) return {};
    here.took(options_present);
    if (!tw.tw_tstamp) return {};
    tcp_options_received options;
    options.ts_recent = tw.tw_ts_recent;
    parse_timestamps(skb, options);
    here.took(options_parsed);
    if (!options.saw_tstamp) return {};
    here.took(timestamp_compared);
    if (options.rcv_tsecr != 0) here.took(timestamp_echoed);
    const bool newer = static_cast<std::int32_t>(tw.tw_ts_recent - options.rcv_tsval) < 0;
    return {true, tcp_paws_reject(options), newer, options.rcv_tsval};
}

// tcp_timewait_check_oow_rate_limit()
tcp_tw_result challenge(receive_context& context, inet_timewait_sock& tw, const sk_buff& skb) {
    if (!tcp_oow_rate_limited(context, tw.skc_sockets->sysctls(), skb, tw.tw_last_oow_ack_time))
        return {tcp_tw_status::ack};
    context.trace.leaf(fn::inet_twsk_put);
    return {tcp_tw_status::success};
}

bool in_window(kernel_call& here, const inet_timewait_sock& tw, const sk_buff& skb) {
    const auto& cb = skb.tcp_cb;
    if (cb.seq == tw.tw_rcv_nxt) return true;
    here.took(window_compared);
    if (!after(cb.end_seq, tw.tw_rcv_nxt)) {
        if (cb.seq == cb.end_seq) here.took(empty_segment);
    } else if (!before(cb.seq, tw.tw_rcv_nxt + tw.tw_rcv_wnd)) {
        here.took(cb.seq == cb.end_seq ? empty_beyond_window : beyond_window);
    }
    return tcp_in_window(cb.seq, cb.end_seq, tw.tw_rcv_nxt, tw.tw_rcv_nxt + tw.tw_rcv_wnd);
}

tcp_tw_result nothing_new(receive_context& context) {
    context.trace.leaf(fn::inet_twsk_put);
    return {tcp_tw_status::success};
}

// The peer's FIN, and nothing but it: the true wait begins.
tcp_tw_result begin_time_wait(receive_context& context, inet_sockets& sockets, inet_timewait_sock& tw,
                              tcp_sequence end_seq) {
    context.trace.reason([] { return std::string{"the peer's FIN: the socket goes from FIN_WAIT2 to TIME_WAIT"}; });
    tw.tw_substate = TCP_TIME_WAIT;
    tw.tw_rcv_nxt = end_seq;
    sockets.inet_twsk_reschedule(context, tw);
    return {tcp_tw_status::ack};
}

// Substate FIN_WAIT2: our FIN is acknowledged, the peer's is awaited.
tcp_tw_result fin_wait2(receive_context& context, kernel_call& here, inet_sockets& sockets, inet_timewait_sock& tw,
                        const sk_buff& skb, const timewait_timestamp& timestamp) {
    const auto tcp = skb.tcp_hdr();
    const auto& cb = skb.tcp_cb;
    if (timestamp.rejected) {
        here.took(old_timestamp_in_fin_wait2);
        return challenge(context, tw, skb);
    }
    here.took(substate_fin_wait2);
    if (!in_window(here, tw, skb)) {
        here.took(out_of_window);
        return challenge(context, tw, skb);
    }
    if (tcp.rst()) {
        here.took(killed_in_fin_wait2);
        sockets.inet_twsk_deschedule_put(context, tw);
        return {tcp_tw_status::success};
    }
    if (tcp.syn()) here.took(syn_compared);
    if (tcp.syn() && !before(cb.seq, tw.tw_rcv_nxt)) {
        here.took(syn_refused);
        return {tcp_tw_status::rst};
    }
    if (!tcp.ack()) {
        here.took(without_ack);
        return nothing_new(context);
    }
    if (!after(cb.end_seq, tw.tw_rcv_nxt) || cb.end_seq == cb.seq) {
        here.took(after(cb.end_seq, tw.tw_rcv_nxt) ? empty_in_window : nothing_after_rcv_nxt);
        return nothing_new(context);
    }
    if (!tcp.fin() || cb.end_seq != tw.tw_rcv_nxt + 1) {
        here.took(tcp.fin() ? data_with_fin_refused : data_refused);
        return {tcp_tw_status::rst};
    }
    here.took(fin_received);
    if (timestamp.seen) {
        here.took(timestamp_stored);
        tw.tw_ts_recent = timestamp.tsval;
    }
    return begin_time_wait(context, sockets, tw, cb.end_seq);
}

// What was expected: a RST ends the wait (RFC 1337 would ignore it), an ACK begins it anew.
tcp_tw_result in_sequence_segment(receive_context& context, kernel_call& here, inet_sockets& sockets,
                                  inet_timewait_sock& tw, const sk_buff& skb, const timewait_timestamp& timestamp) {
    here.took(in_sequence);
    if (!skb.tcp_hdr().rst()) {
        here.took(rescheduled);
        sockets.inet_twsk_reschedule(context, tw);
    } else if (sockets.sysctls().tcp_rfc1337 == 0) {
        here.took(killed);
        sockets.inet_twsk_deschedule_put(context, tw);
        return {tcp_tw_status::success};
    } else {
        here.took(reset_ignored);
    }
    if (timestamp.seen) {
        here.took(timestamp_stored);
        tw.tw_ts_recent = timestamp.tsval;
    }
    context.trace.leaf(fn::inet_twsk_put);
    return {tcp_tw_status::success};
}

// A new connection where this one was: its numbers begin beyond the old window.
tcp_sequence successor_isn(const inet_timewait_sock& tw) {
    constexpr std::uint32_t beyond_old_window = 65535 + 2;
    const auto isn = tw.tw_snd_nxt + beyond_old_window;
    return isn == tcp_sequence{} ? isn + 1 : isn;
}

// A segment that does not belong here: the peer is told where the connection ended.
tcp_tw_result challenge_stranger(receive_context& context, kernel_call& here, inet_sockets& sockets,
                                 inet_timewait_sock& tw, const sk_buff& skb, bool old_timestamp) {
    const auto tcp = skb.tcp_hdr();
    const auto& cb = skb.tcp_cb;
    if (old_timestamp) {
        here.took(old_timestamp_in_time_wait);
    } else {
        here.took(other_segment);
        if (cb.seq == tw.tw_rcv_nxt) here.took(data_at_rcv_nxt);
        if (tcp.syn() && !tcp.ack()) here.took(cb.seq == tw.tw_rcv_nxt ? syn_at_rcv_nxt : syn_old);
        if (tcp.ack()) here.took(rescheduled);
    }
    if (old_timestamp || tcp.ack()) sockets.inet_twsk_reschedule(context, tw);
    const auto result = challenge(context, tw, skb);
    if (result.status == tcp_tw_status::success) here.took(rate_limited);
    return result;
}

}  // namespace

tcp_tw_result tcp_timewait_state_process(receive_context& context, inet_sockets& sockets, inet_timewait_sock& tw,
                                         const sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_timewait_state_process};
    const auto timestamp = timestamp_of(here, tw, skb);
    if (tw.tw_substate == TCP_FIN_WAIT2) return fin_wait2(context, here, sockets, tw, skb, timestamp);
    const auto tcp = skb.tcp_hdr();
    const auto& cb = skb.tcp_cb;
    if (!timestamp.rejected && cb.seq == tw.tw_rcv_nxt && (cb.seq == cb.end_seq || tcp.rst()))
        return in_sequence_segment(context, here, sockets, tw, skb, timestamp);
    const bool only_syn = tcp.syn() && !tcp.rst() && !tcp.ack();
    if (only_syn && !timestamp.rejected && (after(cb.seq, tw.tw_rcv_nxt) || timestamp.newer)) {
        here.took(new_connection);
        if (!after(cb.seq, tw.tw_rcv_nxt)) here.took(timestamp_newer);
        return {tcp_tw_status::syn, successor_isn(tw)};
    }
    if (tcp.rst()) {
        context.trace.leaf(fn::inet_twsk_put);
        return {tcp_tw_status::success};
    }
    return challenge_stranger(context, here, sockets, tw, skb, timestamp.rejected);
}

void tcp_time_wait(receive_context& context, tcp_sock& sk, tcp_state substate) {
    kernel_call here{context.trace, fn::tcp_time_wait};
    auto& sockets = *sk.skc_sockets;
    auto& tw = sockets.alloc_timewait();
    tw.skc_state = TCP_TIME_WAIT;
    tw.tw_substate = substate;
    tw.skc_daddr = sk.skc_daddr;
    tw.skc_rcv_saddr = sk.skc_rcv_saddr;
    tw.skc_dport = sk.skc_dport;
    tw.skc_num = sk.skc_num;
    tw.skc_bound_dev_if = sk.skc_bound_dev_if;
    tw.tw_rcv_nxt = sk.rcv_nxt;
    tw.tw_snd_nxt = sk.snd_nxt;
    tw.tw_rcv_wnd = sk.receive_window();
    tw.tw_tstamp = sk.rx_opt.tstamp_ok;
    tw.tw_ts_recent = sk.rx_opt.ts_recent;
    sockets.replace_by_timewait(context, sk, tw);
    tcp_done(context, sk);
}

}  // namespace rxpath
