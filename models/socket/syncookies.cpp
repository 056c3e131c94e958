#include "models/socket/syncookies.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/routing/ip_route_output.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/skb_free.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_minisocks.h"
#include "models/socket/tcp_options.h"
#include "models/socket/tcp_window.h"

namespace rxpath {

namespace {

using namespace path::cookie_v4_check;

constexpr std::uint64_t tcp_syncookie_period = 60;  // seconds; a cookie is good in its own and the next
constexpr std::uint64_t tcp_syncookie_valid = 2 * tcp_syncookie_period * hz;  // jiffies

// Peers of one local endpoint seldom share these bits; who does displaces the other.
std::uint64_t connection_of(endpoint local, endpoint peer) {
    return std::uint64_t{peer.address.value} << 32 | std::uint64_t{peer.port.value} << 16 | local.port.value;
}

}  // namespace

void syn_cookies::begin_period(picoseconds now) {
    const auto minute = now.value / (tcp_syncookie_period * picoseconds_per_second);
    if (minute == m_minute) return;
    std::swap(m_period[0], m_period[1]);
    m_period[0].clear();
    if (minute > m_minute + 1) m_period[1].clear();
    m_minute = minute;
}

void syn_cookies::remember(const sock_common& request, const syn_cookie& cookie, picoseconds now) {
    begin_period(now);
    m_period[0].insert_or_assign(connection_of(request.local(), request.peer()), cookie);
}

const syn_cookie* syn_cookies::find(endpoint local, endpoint peer, picoseconds now) {
    begin_period(now);
    for (const auto& period : m_period)
        if (const auto found = period.find(connection_of(local, peer)); found != period.end()) return &found->second;
    return nullptr;
}

std::uint8_t cookie_mss_index(std::uint32_t mss) {
    std::uint8_t index = 3;
    while (index > 0 && mss < cookie_msstab[index]) --index;
    return index;
}

namespace {

// tcp_synq_no_recent_overflow(): only a listener that sent cookies lately takes them.
bool no_recent_overflow(const tcp_sock& listener, std::uint64_t now) {
    const auto& queue = listener.icsk_accept_queue;
    return !queue.overflowed || now > queue.overflow_at + tcp_syncookie_valid;
}

// The segment size that the acknowledged number stands for (__cookie_v4_check()): the numbers beside a cookie are those
// of its peer's other sizes.
std::optional<std::uint32_t> mss_of(const syn_cookie& cookie, const sk_buff& skb) {
    if (skb.tcp_cb.seq != cookie.syn_isn + 1) return std::nullopt;
    const auto index = cookie.mss_index + (skb.tcp_cb.ack_seq - 1 - cookie.isn);
    if (index >= std::size(cookie_msstab)) return std::nullopt;
    return cookie_msstab[index];
}

// cookie_tcp_reqsk_alloc() and cookie_timestamp_decode(): what the request would have been.
void rebuild_request(request_sock& req, const tcp_sock& listener, const sk_buff& skb, const syn_cookie& cookie) {
    const auto ip = skb.ip_hdr();
    const auto tcp = skb.tcp_hdr();
    req.skc_daddr = ip.saddr();
    req.skc_rcv_saddr = ip.daddr();
    req.skc_dport = tcp.source();
    req.skc_num = tcp.dest();
    req.skc_bound_dev_if = listener.skc_bound_dev_if;
    req.rcv_isn = cookie.syn_isn;
    req.rcv_nxt = cookie.syn_isn + 1;
    req.snt_isn = skb.tcp_cb.ack_seq - 1;
    parse_timestamps(skb, req.options);
    if (!req.options.saw_tstamp) return;
    const auto timestamps = req.options;
    req.options = cookie.options;
    req.options.tstamp_ok = true;
    req.options.ts_recent = timestamps.rcv_tsval;
    // An echo of zero brings nothing back: no SACK, and a window scale of 0.
    if (timestamps.rcv_tsecr != 0) return;
    req.options.sack_ok = false;
    req.options.wscale_ok = true;
    req.options.snd_wscale = 0;
}

}  // namespace

bool route_exists(receive_context& context, inet_sockets& sockets, const request_sock& req) {
    if (sockets.routing() == nullptr) return true;
    flowi4 flow;
    flow.daddr = req.skc_daddr;
    flow.saddr = req.skc_rcv_saddr;
    flow.flowi4_proto = ipproto_tcp;
    flow.fl4_sport = req.skc_num.value;
    flow.fl4_dport = req.skc_dport.value;
    auto* route = ip_route_output_key(context, *sockets.routing(), flow);
    if (route == nullptr) return false;
    dst_release_immediate(&route->dst);
    return true;
}

namespace {

tcp_sock* drop(receive_context& context, sk_buff& skb, drop_reason reason) {
    sk_skb_reason_drop(context, skb, reason, fn::cookie_v4_check);
    return nullptr;
}

}  // namespace

tcp_sock* cookie_v4_check(receive_context& context, tcp_sock& listener, sk_buff& skb) {
    kernel_call here{context.trace, fn::cookie_v4_check};
    auto& sockets = *listener.skc_sockets;
    const auto tcp = skb.tcp_hdr();
    if (sockets.sysctls().tcp_syncookies == 0 || !tcp.ack() || tcp.rst()) return &listener;
    const auto now = jiffies(context.now);
    if (no_recent_overflow(listener, now)) return &listener;
    here.took(cookie_looked_at);
    const auto ip = skb.ip_hdr();
    const auto* cookie = sockets.cookies().find({ip.daddr(), tcp.dest()}, {ip.saddr(), tcp.source()}, context.now);
    const auto mss = cookie != nullptr ? mss_of(*cookie, skb) : std::nullopt;
    context.trace.reason([&] {
        return mss ? fmt::format("a SYN cookie of ours is acknowledged: MSS {}", *mss)
                   : std::string{"no SYN cookie of ours is acknowledged"};
    });
    if (!mss) return &listener;
    here.took(cookie_accepted);
    request_sock req;
    req.skc_sockets = &sockets;
    rebuild_request(req, listener, skb, *cookie);
    req.options.mss = *mss;
    req.snt_synack = context.now;
    if (!route_exists(context, sockets, req)) return drop(context, skb, drop_reason::IP_OUTNOROUTES);
    tcp_openreq_init_rwin(req, listener, sockets.sysctls(), listener.advmss);
    auto* child = tcp_v4_syn_recv_sock(context, sockets, listener, skb, req);
    if (child == nullptr) return drop(context, skb, drop_reason::NO_SOCKET);
    sockets.inet_csk_reqsk_queue_add(listener, *child);
    return child;
}

}  // namespace rxpath
