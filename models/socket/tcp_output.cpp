#include "models/socket/tcp_output.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/routing/rtable.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

// tcp_event_ack_sent(): nothing is owed any more, and one quick ACK less remains.
void tcp_event_ack_sent(tcp_sock& sk) {
    auto& ack = sk.icsk_ack;
    sk.compressed_ack.waiting = 0;
    if (ack.quick > 0 && inet_csk_ack_scheduled(sk) && --ack.quick == 0) ack.ato = tcp_ato_min;
    ack.pending = 0;
}

// tcp_transmit_skb(): false when there is no way to the peer.
bool transmit(receive_context& context, tcp_sock& sk, sent_kind kind, tcp_sequence seq, std::uint8_t flags) {
    const auto window = tcp_select_window(sk);
    tcp_event_ack_sent(sk);
    if ((sk.ecn_flags & tcp_ecn_demand_cwr) != 0) flags |= tcphdr_ece;  // tcp_ecn_send()
    return ip_queue_xmit(context, sk, {kind, sk.local(), sk.peer(), seq, sk.rcv_nxt, flags, window});
}

bool to_local_address(const sk_buff& skb) {
    const auto* route = skb_rtable(skb);
    return route == nullptr || route->rt_type == static_cast<std::uint16_t>(route_type::local);
}

}  // namespace

void tcp_send_ack(receive_context& context, tcp_sock& sk) {
    kernel_call here{context.trace, fn::tcp_send_ack};
    kernel_call send{context.trace, fn::__tcp_send_ack};
    if (sk.skc_state == TCP_CLOSE) return;
    if (!transmit(context, sk, sent_kind::ack, sk.snd_nxt, tcphdr_ack)) send.took(path::__tcp_send_ack::no_route);
}

void tcp_send_delayed_ack(receive_context& context, tcp_sock& sk) {
    kernel_call here{context.trace, fn::tcp_send_delayed_ack};
    auto& ack = sk.icsk_ack;
    const auto now = jiffies(context.now);
    auto ato = ack.ato;
    if (ato > tcp_delack_min) {
        ato = std::min(ato, ack.pingpong || (ack.pending & icsk_ack_pushed) != 0 ? tcp_delack_max : hz / 2);
        if (sk.srtt != 0) ato = std::min(ato, std::max(sk.srtt, tcp_delack_min));
    }
    ato = std::min({ato, tcp_delack_max, tcp_rto_min - 1});
    auto timeout = now + ato;
    if ((ack.pending & icsk_ack_timer) != 0) {
        if (ack.timeout <= now + ato / 4) return tcp_send_ack(context, sk);
        timeout = std::min(timeout, ack.timeout);
    }
    ack.pending |= icsk_ack_sched | icsk_ack_timer;
    ack.timeout = timeout;
    sk.skc_sockets->arm_delayed_ack(sk);
    context.trace.reason(
        [&] { return fmt::format("the ACK may wait {} jiffies ({} ms)", timeout - now, (timeout - now) * 1000 / hz); });
}

namespace {

bool __tcp_oow_rate_limited(receive_context& context, const sysctl_ipv4& sysctls, std::uint64_t& last) {
    const auto tcp_invalid_ratelimit = static_cast<std::uint64_t>(sysctls.tcp_invalid_ratelimit) * hz / 1000;
    const auto now = jiffies(context.now);
    if (last != 0 && now - last < tcp_invalid_ratelimit) return true;
    last = std::max<std::uint64_t>(now, 1);
    return false;
}

}  // namespace

bool tcp_oow_rate_limited(receive_context& context, const sysctl_ipv4& sysctls, const sk_buff& skb,
                          std::uint64_t& last) {
    context.trace.leaf(fn::tcp_oow_rate_limited);
    if (skb.tcp_cb.seq != skb.tcp_cb.end_seq && !skb.tcp_hdr().syn()) return false;
    return __tcp_oow_rate_limited(context, sysctls, last);
}

void tcp_send_challenge_ack(receive_context& context, tcp_sock& sk) {
    auto& sockets = *sk.skc_sockets;
    if (__tcp_oow_rate_limited(context, sockets.sysctls(), sk.last_oow_ack_time)) return;
    if (sockets.tcp_challenge_ack_allowed(context)) tcp_send_ack(context, sk);
}

void tcp_v4_send_synack(receive_context& context, const request_sock& req, const output_way& way) {
    context.trace.leaf(fn::tcp_v4_send_synack);
    if (!way) return;
    const auto window = static_cast<std::uint16_t>(std::min<std::uint32_t>(req.rsk_rcv_wnd, 65535));
    std::uint8_t flags = tcphdr_syn | tcphdr_ack;
    if (req.options.ecn_ok) flags |= tcphdr_ece;  // tcp_ecn_make_synack()
    ip_output(context, way, {sent_kind::syn_ack, req.local(), req.peer(), req.snt_isn, req.rcv_nxt, flags, window});
}

void tcp_v4_send_reset(receive_context& context, inet_sockets& sockets, const sock_common* sk, const sk_buff& skb) {
    using namespace path::tcp_v4_send_reset;
    kernel_call here{context.trace, fn::tcp_v4_send_reset};
    const auto tcp = skb.tcp_hdr();
    if (tcp.rst() || (sk == nullptr && !to_local_address(skb))) return;
    const auto ip = skb.ip_hdr();
    const auto seq = tcp.ack() ? tcp.ack_seq() : tcp_sequence{};
    const auto ack_seq = tcp.ack() ? tcp_sequence{} : skb.tcp_cb.end_seq;
    const std::uint8_t flags = tcp.ack() ? tcphdr_rst : tcphdr_rst | tcphdr_ack;
    const endpoint from{ip.daddr(), tcp.dest()}, to{ip.saddr(), tcp.source()};
    const bool goes = ip_send_unicast_reply(context, sockets, {sent_kind::reset, from, to, seq, ack_seq, flags},
                                            sk != nullptr ? sk->skc_bound_dev_if : 0);
    here.took(goes ? sent : no_route);
}

namespace {

// tcp_v4_send_ack() for a socket that is no connection.
void tcp_v4_send_ack(receive_context& context, const sock_common& sk, tcp_sequence seq, tcp_sequence ack_seq,
                     std::uint32_t window) {
    kernel_call here{context.trace, fn::tcp_v4_send_ack};
    const auto offered = static_cast<std::uint16_t>(std::min<std::uint32_t>(window, 65535));
    const sent_packet reply{sent_kind::ack, sk.local(), sk.peer(), seq, ack_seq, tcphdr_ack, offered};
    if (!ip_send_unicast_reply(context, *sk.skc_sockets, reply, sk.skc_bound_dev_if))
        here.took(path::tcp_v4_send_ack::no_route);
}

}  // namespace

void tcp_v4_timewait_ack(receive_context& context, const inet_timewait_sock& tw) {
    context.trace.leaf(fn::ktime_get);
    tcp_v4_send_ack(context, tw, tw.tw_snd_nxt, tw.tw_rcv_nxt, tw.tw_rcv_wnd);
}

void tcp_v4_reqsk_send_ack(receive_context& context, const request_sock& req) {
    tcp_v4_send_ack(context, req, req.snt_isn + 1, req.rcv_nxt, req.rsk_rcv_wnd);
}

void tcp_send_data(receive_context& context, tcp_sock& sk, std::uint32_t bytes) {
    transmit(context, sk, sent_kind::data, sk.snd_nxt, tcphdr_ack | tcphdr_psh);
    sk.write_seq = sk.snd_nxt = sk.snd_nxt + bytes;
    // An answer soon after the question: the next ACKs may wait for answers too (tcp_event_data_sent()).
    if (jiffies(context.now) - sk.icsk_ack.lrcvtime < sk.icsk_ack.ato) sk.icsk_ack.pingpong = true;
}

void tcp_send_fin(receive_context& context, tcp_sock& sk) {
    transmit(context, sk, sent_kind::fin, sk.snd_nxt, tcphdr_fin | tcphdr_ack);
    sk.write_seq = sk.snd_nxt = sk.snd_nxt + 1;
    sk.fin_sent = true;
}

void tcp_send_active_reset(receive_context& context, tcp_sock& sk) {
    ip_queue_xmit(context, sk,
                  {sent_kind::reset, sk.local(), sk.peer(), sk.snd_nxt, sk.rcv_nxt, tcphdr_rst | tcphdr_ack});
}

}  // namespace rxpath
