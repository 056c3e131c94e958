#include "models/socket/tcp_conn_request.h"

#include <fmt/format.h>

#include "models/routing/rtable.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

// inet_reqsk_alloc() and tcp_openreq_init(): what the SYN says, kept until the handshake ends.
request_sock& make_request(inet_sockets& sockets, tcp_sock& listener, const sk_buff& skb) {
    auto& req = sockets.alloc_request();
    const auto ip = skb.ip_hdr();
    const auto tcp = skb.tcp_hdr();
    req.skc_state = TCP_NEW_SYN_RECV;
    req.skc_daddr = ip.saddr();
    req.skc_rcv_saddr = ip.daddr();
    req.skc_dport = tcp.source();
    req.skc_num = tcp.dest();
    req.skc_bound_dev_if = listener.skc_bound_dev_if;
    req.rsk_listener = &listener;
    sock_hold(listener);
    req.rcv_isn = skb.tcp_cb.seq;
    req.rcv_nxt = req.rcv_isn + 1;
    req.options = parse_syn_options(skb, sockets.sysctls());
    tcp_openreq_init_rwin(req, listener, sockets.sysctls());
    return req;
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
    using namespace path::tcp_conn_request;
    kernel_call here{context.trace, fn::tcp_conn_request};
    auto& sockets = *listener.skc_sockets;
    const auto time_wait_isn = sockets.take_time_wait_isn();
    const bool syn_queue_full = !time_wait_isn && inet_csk_reqsk_queue_is_full(listener);
    if (syn_queue_full || sk_acceptq_is_full(listener)) {
        context.trace.reason([&] {
            return fmt::format("queue full: {} half open, {} to accept, limit {}", listener.icsk_accept_queue.qlen,
                               listener.icsk_accept_queue.children.size(),
                               listener.icsk_accept_queue.sk_max_ack_backlog);
        });
        ++listener.sk_drops;
        return;
    }
    here.took(request_made);
    auto& req = make_request(sockets, listener, skb);
    req.snt_isn = sockets.next_isn(context, req.peer(), time_wait_isn);
    sockets.add_request(context, req);
    tcp_v4_send_synack(context, req);
}

}  // namespace rxpath
