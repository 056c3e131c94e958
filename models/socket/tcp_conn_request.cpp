#include "models/socket/tcp_conn_request.h"

#include <fmt/format.h>

#include "models/routing/rtable.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/syncookies.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

using namespace path::tcp_conn_request;

// tcp_openreq_init(): what the SYN says.
void describe_request(request_sock& req, const tcp_sock& listener, const sk_buff& skb) {
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
    tcp_openreq_init_rwin(req, listener, sysctls);
}

void refuse(receive_context& context, tcp_sock& listener) {
    const auto& queue = listener.icsk_accept_queue;
    context.trace.reason([&] {
        return fmt::format("queue full: {} half open, {} to accept, limit {}", queue.qlen, queue.children.size(),
                           queue.sk_max_ack_backlog);
    });
    ++listener.sk_drops;
}

// Without cookies, the last quarter of net.ipv4.tcp_max_syn_backlog is for peers that are known to be alive.
bool last_quarter_of_backlog(const tcp_sock& listener) {
    const int backlog = listener.skc_sockets->sysctls().tcp_max_syn_backlog;
    return backlog - static_cast<int>(listener.icsk_accept_queue.qlen) < backlog >> 2;
}

// The queue is full: the SYN-ACK itself holds what there is to remember. Options come back only with a timestamp.
void answer_with_cookie(receive_context& context, kernel_call& here, tcp_sock& listener, const sk_buff& skb) {
    auto& sockets = *listener.skc_sockets;
    here.took(cookie_made);
    request_sock req;
    describe_request(req, listener, skb);
    if (!route_exists(context, sockets, req)) return refuse(context, listener);
    const auto index = cookie_mss_index(req.options.mss);
    if (!req.options.saw_tstamp) req.options = {};
    req.options.mss = cookie_msstab[index];
    req.snt_isn = sockets.next_isn(context, req.peer(), std::nullopt);
    listener.icsk_accept_queue.overflowed = true;
    listener.icsk_accept_queue.overflow_at = jiffies(context.now);
    sockets.cookies().remember(req, {req.snt_isn, req.rcv_isn, index, req.options}, context.now);
    tcp_v4_send_synack(context, req);
}

}  // namespace

bool inet_csk_reqsk_queue_is_full(const tcp_sock& listener) {
    return listener.icsk_accept_queue.qlen >= listener.icsk_accept_queue.sk_max_ack_backlog;
}

bool sk_acceptq_is_full(const tcp_sock& listener) {
    return listener.icsk_accept_queue.children.size() > listener.icsk_accept_queue.sk_max_ack_backlog;
}

void tcp_v4_conn_request(receive_context& context, tcp_sock& listener, const sk_buff& skb) {
    const auto* route = skb_rtable(skb);
    if (route == nullptr || (route->rt_flags & (rtcf_broadcast | rtcf_multicast)) == 0)
        return tcp_conn_request(context, listener, skb);
    context.trace.reason([] { return std::string{"a SYN to a broadcast or multicast address is not answered"}; });
    ++listener.sk_drops;
}

void tcp_conn_request(receive_context& context, tcp_sock& listener, const sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_conn_request};
    auto& sockets = *listener.skc_sockets;
    const auto time_wait_isn = sockets.take_time_wait_isn();
    const int syncookies = sockets.sysctls().tcp_syncookies;
    // A SYN that met a TIME_WAIT socket passes the limits.
    const bool flooded = !time_wait_isn && (syncookies == 2 || inet_csk_reqsk_queue_is_full(listener));
    if (flooded && syncookies == 0) return refuse(context, listener);
    if (sk_acceptq_is_full(listener)) return refuse(context, listener);
    if (flooded) return answer_with_cookie(context, here, listener, skb);
    if (!time_wait_isn && syncookies == 0 && last_quarter_of_backlog(listener)) return refuse(context, listener);
    here.took(request_made);
    auto& req = sockets.alloc_request();
    describe_request(req, listener, skb);
    req.rsk_listener = &listener;
    sock_hold(listener);
    req.snt_isn = sockets.next_isn(context, req.peer(), time_wait_isn);
    sockets.add_request(context, req);
    tcp_v4_send_synack(context, req);
}

}  // namespace rxpath
