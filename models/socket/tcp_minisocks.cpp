#include "models/socket/tcp_minisocks.h"

#include <fmt/format.h>

#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_conn_request.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_validate.h"

namespace rxpath {

namespace {

// tcp_create_openreq_child(): the connection that the request described.
tcp_sock& create_child(inet_sockets& sockets, tcp_sock& listener, const sk_buff& skb, const request_sock& req) {
    auto& child = sockets.alloc_tcp();
    child.skc_state = TCP_SYN_RECV;
    child.skc_daddr = req.skc_daddr;
    child.skc_rcv_saddr = req.skc_rcv_saddr;
    child.skc_dport = req.skc_dport;
    child.skc_num = req.skc_num;
    child.skc_bound_dev_if = req.skc_bound_dev_if;
    child.sk_rcvbuf = listener.sk_rcvbuf;
    child.rcv_nxt = child.copied_seq = child.rcv_wup = req.rcv_isn + 1;
    child.snd_una = child.snd_nxt = child.write_seq = req.snt_isn + 1;
    child.snd_wl1 = req.rcv_isn;
    child.rx_opt = req.options;
    child.window_clamp = req.rsk_window_clamp;
    child.rcv_ssthresh = child.rcv_wnd = req.rsk_rcv_wnd;
    child.snd_wnd = child.max_window = std::uint32_t{skb.tcp_hdr().window()} << req.options.snd_wscale;
    child.tcp_header_len = req.options.tstamp_ok ? 32 : 20;
    child.parent = &listener;
    child.segs_in = 1;
    return child;
}

// The third packet was good: a full socket takes the request's place in the established table.
tcp_sock* tcp_v4_syn_recv_sock(receive_context& context, inet_sockets& sockets, tcp_sock& listener, const sk_buff& skb,
                               request_sock& req) {
    kernel_call here{context.trace, fn::tcp_v4_syn_recv_sock};
    if (sk_acceptq_is_full(listener)) {
        here.took(path::tcp_v4_syn_recv_sock::accept_queue_full);
        ++listener.sk_drops;
        return nullptr;
    }
    auto& child = create_child(sockets, listener, skb, req);
    inet_sk_rx_dst_set(context, child, skb);
    child.icsk_ack.lrcvtime = jiffies(context.now);
    sockets.hashinfo().ehash.replace(req, child);
    return &child;
}

tcp_sock* listen_overflow(receive_context& context, inet_sockets& sockets, const sk_buff& skb, request_sock& req) {
    if (sockets.sysctls().tcp_abort_on_overflow != 0) {
        tcp_v4_send_reset(context, &req, skb);
        sockets.drop_request(context, req);
    }
    return nullptr;
}

tcp_sock* synack_again(receive_context& context, inet_sockets& sockets, const sk_buff& skb, request_sock& req) {
    if (tcp_oow_rate_limited(context, skb, req.last_oow_ack_time)) return nullptr;
    context.trace.leaf(fn::inet_rtx_syn_ack);
    tcp_v4_send_synack(context, req);
    sockets.rearm_request(context, req);
    return nullptr;
}

tcp_sock* request_out_of_window(receive_context& context, const sk_buff& skb, request_sock& req) {
    if (!skb.tcp_hdr().rst() && !tcp_oow_rate_limited(context, skb, req.last_oow_ack_time))
        tcp_v4_reqsk_send_ack(context, req);
    return nullptr;
}

tcp_sock* embryonic_reset(receive_context& context, inet_sockets& sockets, const sk_buff& skb, request_sock& req) {
    if (!skb.tcp_hdr().rst()) tcp_v4_send_reset(context, &req, skb);
    sockets.drop_request(context, req);
    return nullptr;
}

}  // namespace

tcp_sock* tcp_check_req(receive_context& context, inet_sockets& sockets, tcp_sock& listener, sk_buff& skb,
                        request_sock& req) {
    using namespace path::tcp_check_req;
    kernel_call here{context.trace, fn::tcp_check_req};
    const auto tcp = skb.tcp_hdr();
    const auto& cb = skb.tcp_cb;
    auto options = req.options;
    parse_timestamps(skb, options);
    if (tcp.doff() * 4u > tcp_header_view::size) here.took(options_parsed);
    if (options.saw_tstamp) here.took(options.rcv_tsecr != 0 ? timestamp_echoed : timestamp_not_echoed);
    const bool paws_reject = tcp_paws_discard(options);
    if (cb.seq == req.rcv_isn && tcp.syn() && !tcp.ack() && !tcp.rst() && !paws_reject) {
        here.took(syn_again);
        return synack_again(context, sockets, skb, req);
    }
    if (tcp.ack() && !tcp.rst() && cb.ack_seq != req.snt_isn + 1) {
        here.took(wrong_ack);
        context.trace.reason([&] { return fmt::format("ack {}, sent isn {}", cb.ack_seq.value, req.snt_isn.value); });
        return &listener;
    }
    if (paws_reject || !tcp_in_window(cb.seq, cb.end_seq, req.rcv_nxt, req.rcv_nxt + req.rsk_rcv_wnd)) {
        here.took(out_of_window);
        return request_out_of_window(context, skb, req);
    }
    if (tcp.rst() && cb.seq != req.rcv_nxt) {
        here.took(reset_challenged);
        if (!tcp_oow_rate_limited(context, skb, req.last_oow_ack_time)) tcp_v4_reqsk_send_ack(context, req);
        return nullptr;
    }
    if (cb.seq != req.rcv_nxt) here.took(beyond_rcv_nxt);
    if (tcp.rst() || tcp.syn()) {
        here.took(tcp.rst() ? reset : syn_refused);
        return embryonic_reset(context, sockets, skb, req);
    }
    if (!tcp.ack()) {
        here.took(without_ack);
        return nullptr;
    }
    here.took(handshake_done);
    if (options.saw_tstamp && !after(cb.seq, req.rcv_nxt)) here.took(ts_recent_taken);
    auto* child = tcp_v4_syn_recv_sock(context, sockets, listener, skb, req);
    if (child == nullptr) return listen_overflow(context, sockets, skb, req);
    context.trace.leaf(fn::tcp_synack_rtt_meas);
    sockets.complete_hashdance(context, listener, *child, req);
    return child;
}

drop_reason tcp_child_process(receive_context& context, tcp_sock& parent, tcp_sock& child, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_child_process};
    const auto reason = tcp_rcv_state_process(context, child, skb);
    if (child.skc_state != TCP_SYN_RECV) sock_def_readable(context, parent);
    context.trace.leaf(fn::_raw_spin_unlock);
    return reason;
}

namespace {

using namespace path::tcp_timewait_state_process;

// tcp_timewait_check_oow_rate_limit()
tcp_tw_result challenge(receive_context& context, inet_timewait_sock& tw, const sk_buff& skb) {
    if (!tcp_oow_rate_limited(context, skb, tw.tw_last_oow_ack_time)) return {tcp_tw_status::ack};
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
    context.trace.reason([] { return std::string{"the peer's FIN: FIN_WAIT2 -> TIME_WAIT"}; });
    tw.tw_substate = TCP_TIME_WAIT;
    tw.tw_rcv_nxt = end_seq;
    sockets.inet_twsk_reschedule(context, tw);
    return {tcp_tw_status::ack};
}

// Substate FIN_WAIT2: our FIN is acknowledged, the peer's is awaited.
tcp_tw_result fin_wait2(receive_context& context, kernel_call& here, inet_sockets& sockets, inet_timewait_sock& tw,
                        const sk_buff& skb) {
    const auto tcp = skb.tcp_hdr();
    const auto& cb = skb.tcp_cb;
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
    return begin_time_wait(context, sockets, tw, cb.end_seq);
}

// What was expected: a RST ends the wait (RFC 1337 would ignore it), an ACK begins it anew.
tcp_tw_result in_sequence_segment(receive_context& context, kernel_call& here, inet_sockets& sockets,
                                  inet_timewait_sock& tw, const sk_buff& skb) {
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
    context.trace.leaf(fn::inet_twsk_put);
    return {tcp_tw_status::success};
}

}  // namespace

tcp_tw_result tcp_timewait_state_process(receive_context& context, inet_sockets& sockets, inet_timewait_sock& tw,
                                         const sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_timewait_state_process};
    if (skb.tcp_hdr().doff() * 4u > tcp_header_view::size) here.took(options_present);
    if (tw.tw_substate == TCP_FIN_WAIT2) return fin_wait2(context, here, sockets, tw, skb);
    const auto tcp = skb.tcp_hdr();
    const auto& cb = skb.tcp_cb;
    if (cb.seq == tw.tw_rcv_nxt && (cb.seq == cb.end_seq || tcp.rst()))
        return in_sequence_segment(context, here, sockets, tw, skb);
    const bool only_syn = tcp.syn() && !tcp.rst() && !tcp.ack();
    if (only_syn && after(cb.seq, tw.tw_rcv_nxt)) {
        constexpr std::uint32_t beyond_old_window = 65535 + 2;
        here.took(new_connection);
        const auto isn = tw.tw_snd_nxt + beyond_old_window;
        return {tcp_tw_status::syn, isn == tcp_sequence{} ? isn + 1 : isn};
    }
    if (tcp.rst()) {
        context.trace.leaf(fn::inet_twsk_put);
        return {tcp_tw_status::success};
    }
    here.took(other_segment);
    if (cb.seq == tw.tw_rcv_nxt) here.took(data_at_rcv_nxt);
    if (only_syn) here.took(cb.seq == tw.tw_rcv_nxt ? syn_at_rcv_nxt : syn_old);
    if (tcp.ack()) {
        here.took(rescheduled);
        sockets.inet_twsk_reschedule(context, tw);
    }
    const auto result = challenge(context, tw, skb);
    if (result.status == tcp_tw_status::success) here.took(rate_limited);
    return result;
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
    sockets.replace_by_timewait(context, sk, tw);
    tcp_done(context, sk);
}

}  // namespace rxpath
