// tcp_v4_rcv(): from the packet to its socket.
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/skb_checksum_complete.h"
#include "models/socket/skb_free.h"
#include "models/socket/sock_checks.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_minisocks.h"
#include "models/socket/tcp_output.h"

namespace rxpath {

namespace {

using namespace path::tcp_v4_rcv;

// One tcp_v4_rcv() at work: the packet and the call that its steps are charged to.
class segment_receiver {
public:
    segment_receiver(receive_context& context, inet_sockets& sockets, sk_buff& skb)
        : m_context(context), m_sockets(sockets), m_skb(skb), m_here(context.trace, fn::tcp_v4_rcv) {}

    void run() {
        if (m_skb.pkt_type != packet_type::host) return discard(drop_reason::NOT_SPECIFIED);
        if (!validate_header() || !init_checksum()) return;
        lookup();
    }

private:
    bool validate_header();
    bool init_checksum();
    sock_common* find_socket();
    tcp_sock* lookup_listener();
    void lookup();
    void no_tcp_socket();
    void time_wait(inet_timewait_sock& tw);
    void time_wait_syn(inet_timewait_sock& tw, tcp_sequence isn);
    void new_syn_recv(request_sock& req);
    void feed_child(request_sock& req, tcp_sock& listener, tcp_sock* child);
    void process(sock_common& sk);
    void deliver(tcp_sock& sk);
    void add_backlog(tcp_sock& sk);
    template <class Step>
    void csum_error(Step at);
    void put(sock_common& sk);

    void fill_cb();
    template <class Step>
    bool completed_checksum_wrong(Step completed);
    void restore_cb() { m_context.trace.leaf(fn::tcp_v4_restore_cb); }
    void discard(drop_reason reason) { sk_skb_reason_drop(m_context, m_skb, reason, fn::tcp_v4_rcv); }

    receive_context& m_context;
    inet_sockets& m_sockets;
    sk_buff& m_skb;
    kernel_call m_here;
    bool m_refcounted = true;
    std::optional<tcp_sequence> m_tw_isn;  // the ISN that a TIME_WAIT socket gave to its successor
};

template <class Step>
void segment_receiver::csum_error(Step at) {
    m_here.took(at);
    discard(drop_reason::TCP_CSUM);
}

bool segment_receiver::validate_header() {
    if (!m_skb.pskb_may_pull(tcp_header_view::size)) {
        m_here.took(header_missing);
        discard(drop_reason::NOT_SPECIFIED);
        return false;
    }
    const auto doff = m_skb.tcp_hdr().doff();
    if (doff < tcp_header_view::size / 4) {
        m_here.took(bad_doff);
        discard(drop_reason::PKT_TOO_SMALL);
        return false;
    }
    if (!m_skb.pskb_may_pull(doff * 4u)) {
        m_here.took(options_missing);
        discard(drop_reason::NOT_SPECIFIED);
        return false;
    }
    m_here.took(accepted);
    return true;
}

// skb_checksum_init(): what nobody verified yet is verified now if it is short, and when the data is used if not.
bool segment_receiver::init_checksum() {
    m_skb.csum_valid = false;
    if (m_skb.ip_summed == ip_summed_state::unnecessary) return true;
    m_here.took(checksum_unverified);
    if (m_skb.len > checksum_break) return true;
    m_here.took(checksum_at_once);
    if (__skb_checksum_complete(m_context, m_skb)) return true;
    csum_error(checksum_wrong);
    return false;
}

// __inet_lookup_skb(): the socket that early demux attached, else a lookup of one's own.
sock_common* segment_receiver::find_socket() {
    m_refcounted = true;
    if (auto* stolen = m_skb.sk; stolen != nullptr) {
        m_skb.sk = nullptr;
        m_skb.destructor = nullptr;
        return stolen;
    }
    m_here.took(own_lookup);
    const auto ip = m_skb.ip_hdr();
    const auto tcp = m_skb.tcp_hdr();
    const auto& net = *m_sockets.net();
    auto* sk = __inet_lookup_established(m_context, m_sockets.hashinfo(), net, ip.saddr(), tcp.source(), ip.daddr(),
                                         tcp.dest(), m_skb.skb_iif, inet_sdif(m_skb));
    if (sk != nullptr) return sk;
    m_refcounted = false;
    m_here.took(listener_lookup);
    return lookup_listener();
}

tcp_sock* segment_receiver::lookup_listener() {
    const auto ip = m_skb.ip_hdr();
    const auto tcp = m_skb.tcp_hdr();
    return __inet_lookup_listener(
        m_context, m_sockets.hashinfo(),
        {*m_sockets.net(), {ip.daddr(), tcp.dest()}, {ip.saddr(), tcp.source()}, m_skb.skb_iif, inet_sdif(m_skb)});
}

void segment_receiver::lookup() {
    auto* sk = find_socket();
    if (sk == nullptr) return no_tcp_socket();
    works_on_sock(m_context.trace, *sk);
    if (sk->skc_state == TCP_TIME_WAIT) return time_wait(inet_twsk(*sk));
    if (sk->skc_state == TCP_NEW_SYN_RECV) return new_syn_recv(inet_reqsk(*sk));
    process(*sk);
}

void segment_receiver::no_tcp_socket() {
    m_here.took(no_socket);
    xfrm4_policy_check(m_context, nullptr);
    fill_cb();
    if (completed_checksum_wrong(checksum_completed)) return csum_error(completed_checksum_is_wrong);
    tcp_v4_send_reset(m_context, m_sockets, nullptr, m_skb);
    discard(drop_reason::NO_SOCKET);
}

// What init_checksum() left for later.
template <class Step>
bool segment_receiver::completed_checksum_wrong(Step completed) {
    if (skb_csum_unnecessary(m_skb)) return false;
    m_here.took(completed);
    return !__skb_checksum_complete(m_context, m_skb);
}

void segment_receiver::time_wait(inet_timewait_sock& tw) {
    m_here.took(path::tcp_v4_rcv::time_wait);
    xfrm4_policy_check(m_context, nullptr);
    fill_cb();
    if (completed_checksum_wrong(time_wait_checksum_completed)) {
        sock_put(m_context, tw);
        return csum_error(time_wait_checksum_wrong);
    }
    const auto result = tcp_timewait_state_process(m_context, m_sockets, tw, m_skb);
    switch (result.status) {
        case tcp_tw_status::success:
            break;
        case tcp_tw_status::syn:
            return time_wait_syn(tw, result.isn);
        case tcp_tw_status::ack:
            m_here.took(time_wait_ack);
            tcp_v4_timewait_ack(m_context, tw);
            m_context.trace.leaf(fn::inet_twsk_put);
            break;
        case tcp_tw_status::rst:
            m_here.took(time_wait_rst);
            tcp_v4_send_reset(m_context, m_sockets, &tw, m_skb);
            m_sockets.inet_twsk_deschedule_put(m_context, tw);
            break;
    }
    sock_put(m_context, tw);
    discard(drop_reason::NOT_SPECIFIED);
}

// A new connection where the old one waits: the listener takes it, with a sequence number beyond the old one's.
void segment_receiver::time_wait_syn(inet_timewait_sock& tw, tcp_sequence isn) {
    m_here.took(path::tcp_v4_rcv::time_wait_syn);
    auto* listener = lookup_listener();
    if (listener == nullptr) {
        m_here.took(time_wait_ack);
        tcp_v4_timewait_ack(m_context, tw);
        m_context.trace.leaf(fn::inet_twsk_put);
        sock_put(m_context, tw);
        return discard(drop_reason::NOT_SPECIFIED);
    }
    m_sockets.inet_twsk_deschedule_put(m_context, tw);
    sock_put(m_context, tw);
    restore_cb();
    m_tw_isn = isn;
    m_refcounted = false;
    process(*listener);
}

void segment_receiver::new_syn_recv(request_sock& req) {
    m_here.took(path::tcp_v4_rcv::new_syn_recv);
    if (req.rsk_listener == nullptr) {  // an earlier packet of the list has used the request up
        sock_put(m_context, req);
        return lookup();
    }
    auto& listener = *req.rsk_listener;
    xfrm4_policy_check(m_context, &listener);
    if (const auto reason = tcp_inbound_hash(m_context, m_skb); reason != drop_reason::NOT_DROPPED_YET) {
        m_here.took(request_dropped);
        ++listener.sk_drops;
        sock_put(m_context, req);
        return discard(reason);
    }
    if (completed_checksum_wrong(checksum_completed)) {
        sock_put(m_context, req);
        return csum_error(request_checksum_wrong);
    }
    if (listener.skc_state != TCP_LISTEN) {
        m_sockets.drop_request(m_context, req);
        sock_put(m_context, req);
        return lookup();
    }
    sock_hold(listener);
    if (!sk_filter_trim_cap(m_context, listener)) {
        m_here.took(request_dropped);
        sock_put(m_context, req);
        put(listener);
        return discard(drop_reason::SOCKET_FILTER);
    }
    fill_cb();
    feed_child(req, listener, tcp_check_req(m_context, m_sockets, listener, m_skb, req));
}

// What tcp_check_req() made of the packet: a child that gets it, the listener itself, or nothing.
void segment_receiver::feed_child(request_sock& req, tcp_sock& listener, tcp_sock* child) {
    if (child == nullptr) {
        m_here.took(request_dropped);
        if (req.skc_refcnt == 1) m_here.took(request_freed);
        sock_put(m_context, req);
        put(listener);
        return discard(drop_reason::NOT_SPECIFIED);
    }
    if (child == &listener) {
        m_here.took(request_stays);
        sock_put(m_context, req);
        restore_cb();
        return process(listener);
    }
    sock_put(m_context, req);
    const auto reason = tcp_child_process(m_context, listener, *child, m_skb);
    if (reason != drop_reason::NOT_DROPPED_YET) {
        m_here.took(child_refused);
        tcp_v4_send_reset(m_context, m_sockets, child, m_skb);
        discard(reason);
    }
    put(listener);
}

void segment_receiver::process(sock_common& found) {
    auto& sk = tcp_sk(found);
    m_here.took(processed);
    if (m_refcounted) m_here.took(refcounted);
    xfrm4_policy_check(m_context, &sk);
    if (const auto reason = tcp_inbound_hash(m_context, m_skb); reason != drop_reason::NOT_DROPPED_YET) {
        m_here.took(auth_refused);
        ++sk.sk_drops;
        discard(reason);
        if (m_refcounted) put(sk);
        return;
    }
    if (!sk_filter_trim_cap(m_context, sk)) {
        m_here.took(filtered);
        ++sk.sk_drops;
        discard(drop_reason::SOCKET_FILTER);
        if (m_refcounted) put(sk);
        return;
    }
    fill_cb();
    if (sk.skc_state == TCP_LISTEN) {
        m_sockets.set_time_wait_isn(m_tw_isn);
        tcp_v4_do_rcv(m_context, sk, m_skb);
    } else {
        deliver(sk);
    }
    if (m_refcounted) put(sk);
}

void segment_receiver::deliver(tcp_sock& sk) {
    m_here.took(to_connection);
    m_context.trace.leaf(fn::_raw_spin_lock);
    ++sk.segs_in;
    if (m_skb.len > m_skb.tcp_hdr().doff() * 4u) {
        m_here.took(data_segment);
        ++sk.data_segs_in;
    }
    if (sk.sk_owned)
        add_backlog(sk);
    else
        tcp_v4_do_rcv(m_context, sk, m_skb);
    m_context.trace.leaf(fn::_raw_spin_unlock);
}

// tcp_add_backlog(): the owner will see the packet when it lets the socket go. Left out: merging in the backlog.
void segment_receiver::add_backlog(tcp_sock& sk) {
    m_here.took(backlogged);
    kernel_call call{m_context.trace, fn::tcp_add_backlog};
    constexpr std::uint32_t sk_sndbuf = 87040;  // for ten segments of 1460 bytes, twice (tcp_sndbuf_expand())
    const std::uint64_t limit = std::uint64_t{sk.sk_rcvbuf} * 2 + sk_sndbuf / 2 + 64 * 1024;
    if (transport_checksum_wrong(m_context, m_skb)) return discard(drop_reason::TCP_CSUM);
    if (sk.sk_backlog_len + std::uint64_t{sk.sk_rmem_alloc} > limit) return discard(drop_reason::SOCKET_BACKLOG);
    sk.sk_backlog_len += m_skb.truesize;
    skb_dst_force(m_skb);
    sk.sk_backlog.push_back(m_skb);
    m_skb._skb_refdst = 0;
}

void segment_receiver::put(sock_common& sk) {
    if (sk.skc_refcnt == 1) m_here.took(last_reference);
    sock_put(m_context, sk);
}

// tcp_v4_fill_cb()
void segment_receiver::fill_cb() {
    m_context.trace.leaf(fn::tcp_v4_fill_cb);
    const auto tcp = m_skb.tcp_hdr();
    auto& cb = m_skb.tcp_cb;
    cb.seq = tcp.seq();
    cb.end_seq = tcp.seq() + tcp.syn() + tcp.fin() + (m_skb.len - tcp.doff() * 4u);
    cb.ack_seq = tcp.ack_seq();
    cb.tcp_flags = tcp.flags();
}

}  // namespace

void tcp_v4_rcv(receive_context& context, inet_sockets& sockets, sk_buff& skb) {
    segment_receiver{context, sockets, skb}.run();
}

}  // namespace rxpath
