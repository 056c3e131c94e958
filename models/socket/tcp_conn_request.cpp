#include "models/socket/tcp_conn_request.h"

#include <optional>

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/routing/rtable.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/syncookies.h"
#include "models/socket/tcp_ecn.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

using namespace path::tcp_conn_request;

// What the SYN says.
void tcp_openreq_init(request_sock& req, const tcp_sock& listener, const sk_buff& skb) {
    const auto& sysctls = listener.skc_sockets->sysctls();
    const auto ip = skb.ip_hdr();
    const auto tcp = skb.tcp_hdr();
    req.skc_state = TCP_NEW_SYN_RECV;
    req.skc_daddr = ip.saddr();
    req.skc_rcv_saddr = ip.daddr();
    req.skc_dport = tcp.source();
    req.skc_num = tcp.dest();
    req.skc_bound_dev_if = listener.skc_bound_dev_if;
    req.rcv_isn = skb.tcp_cb.seq;
    req.rcv_nxt = req.rcv_isn + 1;
    req.options = parse_syn_options(skb, sysctls);
    req.options.ecn_ok = tcp_ecn_create_request(sysctls, skb);
}

// tcp_listendrop()
void drop(receive_context& context, tcp_sock& listener) {
    ++context.counted.listen_drops;
    ++listener.sk_drops;
}

void refuse(receive_context& context, tcp_sock& listener) {
    const auto& queue = listener.icsk_accept_queue;
    context.trace.reason([&] {
        return fmt::format("the SYN is dropped: {} half open, {} to be accepted, the backlog is {}", queue.qlen,
                           queue.children.size(), queue.sk_max_ack_backlog);
    });
    drop(context, listener);
}

// Nobody could hear the answer: no request is made.
void refuse_without_route(receive_context& context, kernel_call& here, tcp_sock& listener, const request_sock& req) {
    here.took(no_route);
    context.trace.reason([&] { return fmt::format("no way back to {}", req.skc_daddr.to_string()); });
    drop(context, listener);
}

// The way of the SYN-ACK, and the window that it will offer.
output_way route_request(receive_context& context, request_sock& req, const tcp_sock& listener) {
    const auto way = inet_csk_route_req(context, req);
    const auto advmss = dst_metric_advmss(way.value_or(nullptr), context.now);
    tcp_openreq_init_rwin(req, listener, listener.skc_sockets->sysctls(), advmss);
    return way;
}

// Without cookies, the last quarter of net.ipv4.tcp_max_syn_backlog is for peers that are known to be alive.
bool last_quarter_of_backlog(const tcp_sock& listener) {
    const int backlog = listener.skc_sockets->sysctls().tcp_max_syn_backlog;
    return backlog - static_cast<int>(listener.icsk_accept_queue.qlen) < backlog >> 2;
}

// The queue is full: the SYN-ACK itself holds what there is to remember. Options come back only with a timestamp.
void answer_with_cookie(receive_context& context, kernel_call& here, tcp_sock& listener, const sk_buff& skb) {
    auto& sockets = *listener.skc_sockets;
    request_sock req;
    req.skc_sockets = &sockets;
    tcp_openreq_init(req, listener, skb);
    const auto way = route_request(context, req, listener);
    if (!way) return refuse_without_route(context, here, listener, req);
    here.took(cookie_made);
    const auto index = cookie_mss_index(req.options.mss);
    if (!req.options.saw_tstamp) req.options = {};
    req.options.mss = cookie_msstab[index];
    req.snt_isn = sockets.next_isn(context, req.peer(), std::nullopt);
    listener.icsk_accept_queue.overflowed = true;
    listener.icsk_accept_queue.overflow_at = jiffies(context.now);
    sockets.cookies().remember(req, {req.snt_isn, req.rcv_isn, index, req.options}, context.now);
    tcp_v4_send_synack(context, req, way);
    dst_release_immediate(*way);
}

// A request socket remembers the SYN until the third packet comes.
void answer_with_request(receive_context& context, kernel_call& here, tcp_sock& listener, const sk_buff& skb,
                         std::optional<tcp_sequence> time_wait_isn) {
    auto& sockets = *listener.skc_sockets;
    auto& req = sockets.alloc_request();
    tcp_openreq_init(req, listener, skb);
    const auto way = route_request(context, req, listener);
    if (!way) {
        refuse_without_route(context, here, listener, req);
        return sockets.reqsk_free(req);
    }
    if (!time_wait_isn && sockets.sysctls().tcp_syncookies == 0 && last_quarter_of_backlog(listener)) {
        refuse(context, listener);
        sockets.reqsk_free(req);
    } else {
        here.took(request_made);
        req.rsk_listener = &listener;
        sock_hold(listener);
        req.snt_isn = sockets.next_isn(context, req.peer(), time_wait_isn);
        sockets.add_request(context, req);
        tcp_v4_send_synack(context, req, way);
    }
    dst_release_immediate(*way);
}

}  // namespace

bool inet_csk_reqsk_queue_is_full(const tcp_sock& listener) {
    return listener.icsk_accept_queue.qlen > listener.icsk_accept_queue.sk_max_ack_backlog;
}

bool sk_acceptq_is_full(const tcp_sock& listener) {
    return listener.icsk_accept_queue.children.size() > listener.icsk_accept_queue.sk_max_ack_backlog;
}

void tcp_v4_conn_request(receive_context& context, tcp_sock& listener, const sk_buff& skb) {
    const auto* route = skb_rtable(skb);
    if (route == nullptr || (route->rt_flags & (rtcf_broadcast | rtcf_multicast)) == 0)
        return tcp_conn_request(context, listener, skb);
    context.trace.reason([] { return std::string{"a SYN to a broadcast or multicast address is not answered"}; });
    drop(context, listener);
}

void tcp_conn_request(receive_context& context, tcp_sock& listener, const sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_conn_request};
    auto& sockets = *listener.skc_sockets;
    const auto time_wait_isn = sockets.take_time_wait_isn();
    const int syncookies = sockets.sysctls().tcp_syncookies;
    // A SYN that met a TIME_WAIT socket passes the limits.
    const bool flooded = !time_wait_isn && (syncookies == 2 || inet_csk_reqsk_queue_is_full(listener));
    if (flooded && syncookies == 0) return refuse(context, listener);
    if (sk_acceptq_is_full(listener)) {
        ++context.counted.listen_overflows;
        return refuse(context, listener);
    }
    if (flooded) return answer_with_cookie(context, here, listener, skb);
    answer_with_request(context, here, listener, skb, time_wait_isn);
}

}  // namespace rxpath
