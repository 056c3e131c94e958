#include "models/socket/tcp_minisocks.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_conn_request.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_validate.h"

namespace rxpath {

namespace {

// tcp_create_openreq_child(): the connection that the request described.
tcp_sock& create_child(inet_sockets& sockets, tcp_sock& listener, const sk_buff& skb, const request_sock& req,
                       picoseconds now) {
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
    child.ecn_flags = req.options.ecn_ok ? tcp_ecn_ok : std::uint8_t{0};
    child.window_clamp = req.rsk_window_clamp;
    child.rcv_ssthresh = child.rcv_wnd = req.rsk_rcv_wnd;
    child.snd_wnd = child.max_window = std::uint32_t{skb.tcp_hdr().window()} << req.options.snd_wscale;
    child.tcp_header_len = req.options.tstamp_ok ? 32 : 20;
    const auto without_header = skb.len - std::min(skb.len, child.tcp_header_len);
    if (without_header >= tcp_mss_default) child.icsk_ack.last_seg_size = without_header;
    // tcp_synack_rtt_meas()
    child.srtt = std::max<std::uint64_t>(jiffies(now) - jiffies(req.snt_synack), 1);
    child.icsk_rto = child.srtt + tcp_rto_min;
    child.parent = &listener;
    child.segs_in = 1;
    return child;
}

tcp_sock* listen_overflow(receive_context& context, inet_sockets& sockets, const sk_buff& skb, request_sock& req) {
    if (sockets.sysctls().tcp_abort_on_overflow != 0) {
        tcp_v4_send_reset(context, sockets, &req, skb);
        sockets.drop_request(context, req);
    }
    return nullptr;
}

using namespace path::tcp_check_req;

// tcp_paws_reject() of the timestamps that the segment carries, against those of the SYN.
bool timestamp_rejected(kernel_call& here, const sk_buff& skb, tcp_options_received& options) {
    parse_timestamps(skb, options);
    if (skb.tcp_hdr().doff() * 4u > tcp_header_view::size) here.took(options_parsed);
    if (!options.saw_tstamp) return false;
    here.took(options.rcv_tsecr != 0 ? timestamp_echoed : timestamp_not_echoed);
    if (!tcp_paws_reject(options)) return false;
    here.took(timestamp_older);
    return true;
}

bool in_synack_window(kernel_call& here, const sk_buff& skb, const request_sock& req) {
    const auto& cb = skb.tcp_cb;
    const auto window = std::min(req.rsk_rcv_wnd, 65535u);  // tcp_synack_window()
    if (after(cb.end_seq, req.rcv_nxt) && !before(cb.seq, req.rcv_nxt + window)) here.took(beyond_window);
    return tcp_in_window(cb.seq, cb.end_seq, req.rcv_nxt, req.rcv_nxt + window);
}

tcp_sock* synack_again(receive_context& context, kernel_call& here, inet_sockets& sockets, const sk_buff& skb,
                       request_sock& req) {
    if (tcp_oow_rate_limited(context, req.skc_sockets->sysctls(), skb, req.last_oow_ack_time)) return nullptr;
    here.took(synack_sent);
    context.trace.leaf(fn::inet_rtx_syn_ack);
    const auto way = inet_csk_route_req(context, req);
    tcp_v4_send_synack(context, req, way);
    dst_release_immediate(way.value_or(nullptr));
    sockets.rearm_request(context, req);
    return nullptr;
}

tcp_sock* request_out_of_window(receive_context& context, kernel_call& here, const sk_buff& skb, request_sock& req) {
    if (skb.tcp_hdr().rst()) return nullptr;
    here.took(answer_considered);
    if (tcp_oow_rate_limited(context, req.skc_sockets->sysctls(), skb, req.last_oow_ack_time)) return nullptr;
    here.took(answered);
    tcp_v4_reqsk_send_ack(context, req);
    return nullptr;
}

tcp_sock* embryonic_reset(receive_context& context, inet_sockets& sockets, const sk_buff& skb, request_sock& req) {
    if (!skb.tcp_hdr().rst()) tcp_v4_send_reset(context, sockets, &req, skb);
    sockets.drop_request(context, req);
    return nullptr;
}

}  // namespace

tcp_sock* tcp_v4_syn_recv_sock(receive_context& context, inet_sockets& sockets, tcp_sock& listener, const sk_buff& skb,
                               request_sock& req) {
    kernel_call here{context.trace, fn::tcp_v4_syn_recv_sock};
    const auto refuse = [&](path::tcp_v4_syn_recv_sock::step why) {
        here.took(why);
        ++context.counted.listen_drops;
        ++listener.sk_drops;
        return nullptr;
    };
    if (sk_acceptq_is_full(listener)) {
        ++context.counted.listen_overflows;
        return refuse(path::tcp_v4_syn_recv_sock::accept_queue_full);
    }
    const auto way = inet_csk_route_req(context, req);  // inet_csk_route_child_sock()
    if (!way) return refuse(path::tcp_v4_syn_recv_sock::no_route);
    auto& child = create_child(sockets, listener, skb, req, context.now);
    child.sk_dst_cache = *way;
    child.advmss = dst_metric_advmss(*way, context.now);
    inet_sk_rx_dst_set(context, child, skb);
    child.icsk_ack.lrcvtime = jiffies(context.now);
    sockets.hashinfo().ehash.replace(req, child);
    return &child;
}

tcp_sock* tcp_check_req(receive_context& context, inet_sockets& sockets, tcp_sock& listener, sk_buff& skb,
                        request_sock& req) {
    kernel_call here{context.trace, fn::tcp_check_req};
    const auto tcp = skb.tcp_hdr();
    const auto& cb = skb.tcp_cb;
    auto options = req.options;
    const bool paws_reject = timestamp_rejected(here, skb, options);
    if (cb.seq == req.rcv_isn && tcp.syn() && !tcp.ack() && !tcp.rst() && !paws_reject) {
        here.took(syn_again);
        return synack_again(context, here, sockets, skb, req);
    }
    const bool acknowledged = tcp.ack() && !tcp.rst();
    if (acknowledged) here.took(ack_compared);
    if (acknowledged && cb.ack_seq != req.snt_isn + 1) {
        here.took(wrong_ack);
        context.trace.reason([&] {
            return fmt::format("{} is acknowledged, {} would follow the SYN-ACK", cb.ack_seq.value,
                               (req.snt_isn + 1).value);
        });
        return &listener;
    }
    if (paws_reject || !in_synack_window(here, skb, req)) {
        here.took(out_of_window);
        return request_out_of_window(context, here, skb, req);
    }
    if (tcp.rst() && cb.seq != req.rcv_nxt) {
        here.took(reset_challenged);
        if (!tcp_oow_rate_limited(context, req.skc_sockets->sysctls(), skb, req.last_oow_ack_time))
            tcp_v4_reqsk_send_ack(context, req);
        return nullptr;
    }
    if (cb.seq != req.rcv_nxt)
        here.took(beyond_rcv_nxt);
    else if (acknowledged)
        here.took(ack_at_rcv_nxt);
    const bool syn = tcp.syn() && cb.seq != req.rcv_isn;  // the old one is cut off: it lies before the window
    if (tcp.rst() || syn) {
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
    if (options.saw_tstamp && !after(cb.seq, req.rcv_nxt)) child->rx_opt.ts_recent = options.rcv_tsval;
    if (options.saw_tstamp) child->tsoffset = options.rcv_tsecr - tcp_clock_ms(req.snt_synack);
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

}  // namespace rxpath
