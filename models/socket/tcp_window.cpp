#include "models/socket/tcp_window.h"

#include <algorithm>
#include <utility>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/routing.h"
#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"

namespace rxpath {

namespace {

constexpr std::uint32_t max_window = 65535;
constexpr std::uint32_t tcp_max_wscale = 14;
constexpr std::uint32_t max_tcp_option_space = 40;  // bytes

constexpr std::uint32_t round_up_to_scale(std::uint32_t bytes, std::uint32_t scale) {
    return (bytes + (1u << scale) - 1) >> scale << scale;
}

std::uint8_t scale_for(std::uint32_t space) {
    std::uint8_t scale = 0;
    while (space >> 16 != 0 && scale < tcp_max_wscale) {
        space >>= 1;
        ++scale;
    }
    return scale;
}

}  // namespace

std::uint32_t tcp_space(const tcp_sock& sk) {
    return tcp_win_from_space(sk, std::int64_t{sk.sk_rcvbuf} - sk.sk_backlog_len - sk.sk_rmem_alloc);
}

std::uint32_t tcp_full_space(const tcp_sock& sk) { return tcp_win_from_space(sk, sk.sk_rcvbuf); }

void tcp_openreq_init_rwin(request_sock& req, const tcp_sock& listener, const sysctl_ipv4& sysctls,
                           std::uint32_t advmss) {
    const std::uint32_t mss = advmss - (req.options.tstamp_ok ? 12 : 0);
    const auto space = tcp_full_space(listener);
    req.rsk_rcv_wnd = space > mss ? space / mss * mss : space;
    const auto largest = std::max({req.rsk_rcv_wnd, static_cast<std::uint32_t>(sysctls.tcp_rmem_max),
                                   static_cast<std::uint32_t>(sysctls.rmem_max)});
    req.options.rcv_wscale = req.options.wscale_ok ? scale_for(largest) : std::uint8_t{0};
    req.rsk_window_clamp = max_window << req.options.rcv_wscale;
}

std::uint32_t tcp_space_from_win(const tcp_sock& sk, std::uint64_t window) {
    const auto space = (window << 8) / sk.scaling_ratio;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(space, UINT32_MAX));
}

void tcp_init_buffer_space(tcp_sock& sk, picoseconds now) {
    const auto most = tcp_full_space(sk);
    sk.window_clamp = std::min(sk.window_clamp, most);
    // One segment is kept in reserve.
    if (sk.window_clamp > 2 * sk.advmss && sk.window_clamp + sk.advmss > most)
        sk.window_clamp = std::max(2 * sk.advmss, most - sk.advmss);
    sk.rcv_ssthresh = std::min(sk.rcv_ssthresh, sk.window_clamp);
    constexpr std::uint32_t tcp_init_cwnd = 10;
    sk.rcvq_space = {std::min({sk.rcv_ssthresh, sk.rcv_wnd, tcp_init_cwnd * sk.advmss}), sk.copied_seq, now};
}

namespace {

// The buffer that twice the bytes read need, with a margin for losses and for a peer that speeds up.
void grow_receive_buffer(tcp_sock& sk, std::uint32_t copied) {
    const auto before = sk.rcvq_space.space;
    std::uint64_t window = 2 * std::uint64_t{copied} + 16 * sk.advmss;
    window += 2 * (window * (copied - before) / before);
    const auto most = static_cast<std::uint32_t>(sk.skc_sockets->sysctls().tcp_rmem_max);
    const auto rcvbuf = std::min(tcp_space_from_win(sk, window), most);
    if (rcvbuf <= sk.sk_rcvbuf) return;
    sk.sk_rcvbuf = rcvbuf;
    sk.window_clamp = tcp_full_space(sk);
}

}  // namespace

void tcp_rcv_space_adjust(tcp_sock& sk, picoseconds now) {
    constexpr std::uint64_t picoseconds_per_microsecond = 1'000'000;
    const auto passed_us = (now.value - sk.rcvq_space.time.value) / picoseconds_per_microsecond;
    if (sk.rcv_rtt_est.rtt_us == 0 || passed_us < sk.rcv_rtt_est.rtt_us >> 3) return;
    const auto copied = static_cast<std::int32_t>(sk.copied_seq - sk.rcvq_space.seq - (sk.rcv_nxt - sk.copied_seq));
    if (copied > static_cast<std::int32_t>(sk.rcvq_space.space)) {
        if (sk.skc_sockets->sysctls().tcp_moderate_rcvbuf != 0)
            grow_receive_buffer(sk, static_cast<std::uint32_t>(copied));
        sk.rcvq_space.space = static_cast<std::uint32_t>(copied);
    }
    sk.rcvq_space.seq = sk.copied_seq;
    sk.rcvq_space.time = now;
}

void tcp_initialize_rcv_mss(tcp_sock& sk) {
    const auto hint = std::min({sk.advmss, sk.rx_opt.mss, sk.rcv_wnd / 2, tcp_mss_default});
    sk.icsk_ack.rcv_mss = std::max(hint, tcp_min_mss);
}

std::uint32_t __tcp_select_window(tcp_sock& sk) {
    const auto allowed = tcp_full_space(sk);
    const auto full = std::min(sk.window_clamp, allowed);
    const auto scale = sk.rx_opt.rcv_wscale;
    auto free = tcp_space(sk);
    const auto mss = std::min(sk.icsk_ack.rcv_mss, full);
    if (mss == 0) return 0;
    if (free < full / 2) {
        sk.icsk_ack.quick = 0;
        free = free >> scale << scale;
        if (free < allowed / 16 || free < mss) return 0;
    }
    free = std::min(free, sk.rcv_ssthresh);
    if (scale != 0) return round_up_to_scale(free, scale);
    if (std::int64_t{sk.rcv_wnd} <= std::int64_t{free} - mss || sk.rcv_wnd > free) return free / mss * mss;
    if (mss == full && free > sk.rcv_wnd + full / 2) return free;
    return sk.rcv_wnd;
}

std::uint16_t tcp_select_window(tcp_sock& sk) {
    const auto scale = sk.rx_opt.rcv_wscale;
    if ((sk.icsk_ack.pending & icsk_ack_nomem) != 0) {
        sk.pred_flags = 0;
        sk.rcv_wnd = 0;
        sk.rcv_wup = sk.rcv_nxt;
        return 0;
    }
    // What was offered is never taken back.
    const auto offered = sk.receive_window();
    auto window = __tcp_select_window(sk);
    if (window < offered) window = round_up_to_scale(offered, scale);
    sk.rcv_wnd = window;
    sk.rcv_wup = sk.rcv_nxt;
    const auto scaled = std::min(window, max_window << scale) >> scale;
    if (scaled == 0) sk.pred_flags = 0;
    return static_cast<std::uint16_t>(scaled);
}

namespace {

using namespace path::tcp_measure_rcv_mss;

// The share of payload in the buffers follows the segment.
void adjust_scaling_ratio(kernel_call& here, tcp_sock& sk, const sk_buff& skb, std::uint32_t bytes) {
    here.took(other_size);
    const auto share = (std::uint64_t{bytes} << 8) / std::max(skb.truesize, 1u);
    const auto ratio = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(share, 1, 255));
    if (ratio == sk.scaling_ratio) return;
    here.took(ratio_changed);
    sk.scaling_ratio = ratio;
    sk.window_clamp = tcp_full_space(sk);
    sk.rcvq_space.space = std::min(sk.rcvq_space.space, sk.window_clamp);
}

// A segment smaller than expected, that is yet no half-filled last one: after two of a size, that is the size.
bool small_but_regular(kernel_call& here, tcp_sock& sk, const sk_buff& skb, std::uint32_t bytes,
                       std::uint32_t last_size) {
    constexpr std::uint8_t tcp_remnant = tcphdr_fin | tcphdr_urg | tcphdr_syn | tcphdr_psh;
    const auto with_header = bytes + skb.tcp_hdr().doff() * 4u;
    if (with_header < tcp_mss_default + tcp_header_view::size) {
        here.took(below_default_mss);
        if (with_header < tcp_min_mss + tcp_header_view::size) return false;
        here.took(flags_looked_at);
        if ((skb.tcp_cb.tcp_flags & tcp_remnant) != 0) return false;
    }
    here.took(size_remembered);
    sk.icsk_ack.last_seg_size = with_header - sk.tcp_header_len;
    if (sk.icsk_ack.last_seg_size != last_size) return false;
    here.took(size_repeated);
    sk.icsk_ack.rcv_mss = last_size;
    return true;
}

// tcp_gro_dev_warn(): more than this host said it takes. The kernel writes so once, if the device's MTU says it too.
void warn_of_gro(receive_context& context, kernel_call& here, tcp_sock& sk) {
    here.took(beyond_mss);
    if (!sk.skc_sockets->first_beyond_mss()) return;
    here.took(beyond_mss_first);
    context.trace.leaf(fn::__rcu_read_lock);
    context.trace.leaf(fn::_printk);
    context.trace.leaf(fn::__rcu_read_unlock);
}

}  // namespace

void tcp_measure_rcv_mss(receive_context& context, tcp_sock& sk, const sk_buff& skb, std::uint32_t bytes) {
    kernel_call here{context.trace, fn::tcp_measure_rcv_mss};
    auto& ack = sk.icsk_ack;
    const auto last_size = std::exchange(ack.last_seg_size, 0u);
    if (bytes >= ack.rcv_mss) {
        if (bytes != ack.rcv_mss) adjust_scaling_ratio(here, sk, skb, bytes);
        ack.rcv_mss = std::min(bytes, sk.advmss);
        if (bytes > ack.rcv_mss + max_tcp_option_space) warn_of_gro(context, here, sk);
        if ((skb.tcp_cb.tcp_flags & tcphdr_psh) != 0) {
            here.took(pushed);
            ack.pending |= icsk_ack_pushed;
        }
        return;
    }
    here.took(small);
    if (small_but_regular(here, sk, skb, bytes, last_size)) return;
    if ((ack.pending & icsk_ack_pushed) != 0) ack.pending |= icsk_ack_pushed2;
    ack.pending |= icsk_ack_pushed;
}

void tcp_grow_window(receive_context& context, tcp_sock& sk, const sk_buff& skb, std::uint32_t bytes, bool adjust) {
    using namespace path::tcp_grow_window;
    kernel_call here{context.trace, fn::tcp_grow_window};
    const auto limit = std::min(sk.window_clamp, tcp_space(sk));
    if (limit <= sk.rcv_ssthresh) return;
    const auto room = limit - sk.rcv_ssthresh;
    here.took(has_room);
    if (!adjust) here.took(not_adjusted);
    std::uint32_t increase = 0;
    if (tcp_win_from_space(sk, skb.truesize) <= bytes) {
        increase = 2 * sk.advmss;
    } else {
        // __tcp_grow_window(): only while the window is small enough for the overhead to fit.
        here.took(overhead);
        const auto most = static_cast<std::int64_t>(sk.skc_sockets->sysctls().tcp_rmem_max);
        auto truesize = tcp_win_from_space(sk, skb.truesize) / 2;
        auto window = tcp_win_from_space(sk, most) / 2;
        while (sk.rcv_ssthresh <= window && increase == 0) {
            here.took(halved);
            if (truesize <= bytes) increase = 2 * sk.icsk_ack.rcv_mss;
            truesize /= 2;
            window /= 2;
        }
    }
    if (increase == 0) return;
    here.took(grown);
    sk.rcv_ssthresh += std::min(room, std::max(increase, 2 * bytes));
    sk.icsk_ack.quick |= 1;
}

}  // namespace rxpath
