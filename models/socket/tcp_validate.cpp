#include "models/socket/tcp_validate.h"

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/skb_free.h"
#include "models/socket/tcp_ack.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_output.h"

namespace rxpath {

namespace {

bool refuse(receive_context& context, sk_buff& skb, drop_reason reason) {
    sk_skb_reason_drop(context, skb, reason, fn::tcp_validate_incoming);
    return false;
}

// tcp_send_dupack(): the peer did not hear of what it sends again.
void tcp_send_dupack(receive_context& context, tcp_sock& sk, const sk_buff& skb) {
    const auto& cb = skb.tcp_cb;
    if (cb.end_seq != cb.seq && before(cb.seq, sk.rcv_nxt)) tcp_enter_quickack_mode(sk);
    tcp_send_ack(context, sk);
}

// tcp_sequence(): not before the window and not beyond it.
drop_reason tcp_sequence_check(const tcp_sock& sk, const sk_buff& skb) {
    if (before(skb.tcp_cb.end_seq, sk.rcv_wup)) return drop_reason::TCP_OLD_SEQUENCE;
    if (after(skb.tcp_cb.seq, sk.rcv_nxt + sk.receive_window())) return drop_reason::TCP_INVALID_SEQUENCE;
    return drop_reason::NOT_DROPPED_YET;
}

// tcp_disordered_ack(): a pure acknowledgement that says nothing new may have been overtaken.
bool tcp_disordered_ack(const tcp_sock& sk, const sk_buff& skb) {
    const auto& cb = skb.tcp_cb;
    const auto tcp = skb.tcp_hdr();
    const std::uint32_t window = std::uint32_t{tcp.window()} << sk.rx_opt.snd_wscale;
    const auto replay_window = static_cast<std::int32_t>(sk.icsk_rto * 1200 / hz);  // of a peer that counts 1200 Hz
    return tcp.ack() && cb.seq == cb.end_seq && cb.seq == sk.rcv_nxt && cb.ack_seq == sk.snd_una &&
           !tcp_may_update_window(sk, skb, window) &&
           static_cast<std::int32_t>(sk.rx_opt.ts_recent - sk.rx_opt.rcv_tsval) <= replay_window;
}

bool tcp_paws_discard(const tcp_sock& sk, const sk_buff& skb) {
    constexpr std::int32_t tcp_paws_window = 1;
    return !tcp_paws_check(sk.rx_opt, tcp_paws_window) && !tcp_disordered_ack(sk, skb);
}

bool reset_by_peer(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    tcp_reset(context, sk);
    __kfree_skb(context, skb);
    return false;
}

// tcp_reset_check(): a RST just before rcv_nxt is genuine after a FIN.
bool tcp_reset_check(const tcp_sock& sk, const sk_buff& skb) {
    const bool closing = sk.skc_state == TCP_CLOSE_WAIT || sk.skc_state == TCP_LAST_ACK || sk.skc_state == TCP_CLOSING;
    return closing && skb.tcp_cb.seq == sk.rcv_nxt - 1;
}

// The next byte expected, or the end of all that was received, holes included (RFC 5961, 3.2).
bool reset_is_genuine(const tcp_sock& sk, const sk_buff& skb) {
    if (skb.tcp_cb.seq == sk.rcv_nxt || tcp_reset_check(sk, skb)) return true;
    if (!sk.rx_opt.sack_ok || sk.rx_opt.num_sacks == 0) return false;
    auto last = sk.selective_acks[0].end_seq;
    for (std::size_t i = 1; i < sk.rx_opt.num_sacks; ++i)
        if (after(sk.selective_acks[i].end_seq, last)) last = sk.selective_acks[i].end_seq;
    return skb.tcp_cb.seq == last;
}

bool syn_challenge(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    tcp_send_challenge_ack(context, sk);
    return refuse(context, skb, drop_reason::TCP_INVALID_SYN);
}

bool out_of_window(receive_context& context, tcp_sock& sk, sk_buff& skb, drop_reason reason) {
    const auto tcp = skb.tcp_hdr();
    if (tcp.rst()) return tcp_reset_check(sk, skb) ? reset_by_peer(context, sk, skb) : refuse(context, skb, reason);
    if (tcp.syn()) return syn_challenge(context, sk, skb);
    if (!tcp_oow_rate_limited(context, sk.skc_sockets->sysctls(), skb, sk.last_oow_ack_time))
        tcp_send_dupack(context, sk, skb);
    return refuse(context, skb, reason);
}

}  // namespace

bool tcp_in_window(tcp_sequence seq, tcp_sequence end_seq, tcp_sequence start, tcp_sequence end) {
    if (seq == start) return true;
    if (after(end_seq, start) && before(seq, end)) return true;
    return seq == end && seq == end_seq;
}

bool tcp_validate_incoming(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_validate_incoming};
    const auto tcp = skb.tcp_hdr();
    if (tcp_fast_parse_options(skb, sk.rx_opt) && sk.rx_opt.saw_tstamp && !tcp.rst() && tcp_paws_discard(sk, skb))
        return out_of_window(context, sk, skb, drop_reason::TCP_RFC7323_PAWS);
    const auto reason = tcp_sequence_check(sk, skb);
    context.trace.reason([&] {
        return fmt::format("sequence {} to {} is {} the window {} to {}", skb.tcp_cb.seq.value,
                           skb.tcp_cb.end_seq.value,
                           reason == drop_reason::NOT_DROPPED_YET ? "acceptable in" : "outside", sk.rcv_wup.value,
                           (sk.rcv_nxt + sk.receive_window()).value);
    });
    if (reason != drop_reason::NOT_DROPPED_YET) return out_of_window(context, sk, skb, reason);
    if (tcp.rst()) {
        if (reset_is_genuine(sk, skb)) return reset_by_peer(context, sk, skb);
        tcp_send_challenge_ack(context, sk);
        return refuse(context, skb, drop_reason::TCP_RESET);
    }
    if (tcp.syn()) return syn_challenge(context, sk, skb);
    return true;
}

}  // namespace rxpath
