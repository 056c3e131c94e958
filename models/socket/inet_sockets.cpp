#include "models/socket/inet_sockets.h"

#include <algorithm>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/tcp_output.h"
#include "models/socket/tcp_urg.h"
#include "models/socket/tcp_window.h"
#include "models/socket/udp.h"

namespace rxpath {

namespace {

// The kernel's secrets are random at boot. Here the same seed gives the same chains.
constexpr std::uint32_t hash_secret(std::uint64_t seed) {
    constexpr std::uint32_t first = 0x5f3759df, step = 0x9e3779b9;
    return first + static_cast<std::uint32_t>(seed - 1) * step;
}

}  // namespace

inet_sockets::inet_sockets(network_namespace* net, sysctl_ipv4& sysctls, std::size_t ehash_entries, std::uint64_t seed)
    : m_net(net),
      m_sysctls(sysctls),
      m_own_hashinfo(std::make_unique<inet_hashinfo>(hash_secret(seed), ehash_entries)),
      m_hashinfo(m_own_hashinfo.get()),
      m_udp_table(hash_secret(seed)) {
    tcp_sk_init();
}

inet_sockets::inet_sockets(network_namespace* net, sysctl_ipv4& sysctls, inet_hashinfo& shared)
    : m_net(net), m_sysctls(sysctls), m_hashinfo(&shared), m_udp_table(hash_secret(1)) {
    tcp_sk_init();
}

// The limits of a namespace that follow from the size of the established table, and so from the host's memory.
void inet_sockets::tcp_sk_init() {
    constexpr std::size_t fewest = 128, buckets_each = 128;
    m_sysctls.tcp_max_syn_backlog = static_cast<int>(std::max(fewest, m_hashinfo->ehash.bucket_count() / buckets_each));
}

inet_sockets::~inet_sockets() = default;

template <class Sock>
Sock& inet_sockets::adopt(Sock& sk) {
    sk.skc_net = m_net;
    sk.skc_sockets = this;
    return sk;
}

tcp_sock& inet_sockets::alloc_tcp() {
    auto& sk = adopt(m_tcp.alloc());
    sk.sk_rcvbuf = static_cast<std::uint32_t>(m_sysctls.tcp_rmem_default);
    sock_hold(sk);  // the application's
    return sk;
}

request_sock& inet_sockets::alloc_request() { return adopt(m_requests.alloc()); }
inet_timewait_sock& inet_sockets::alloc_timewait() { return adopt(m_timewait.alloc()); }

tcp_sock& inet_sockets::listen(endpoint local, int bound_dev_if, std::uint32_t backlog, bool reuseport) {
    auto& sk = alloc_tcp();
    sk.skc_rcv_saddr = local.address;
    sk.skc_num = local.port;
    sk.skc_bound_dev_if = bound_dev_if;
    sk.skc_state = TCP_LISTEN;
    sk.sk_reuseport = reuseport;
    sk.icsk_accept_queue.sk_max_ack_backlog = std::min(backlog, static_cast<std::uint32_t>(m_sysctls.somaxconn));
    m_hashinfo->lhash2.insert(sk);
    return sk;
}

tcp_sock* inet_sockets::accept(tcp_sock& listener) {
    auto& waiting = listener.icsk_accept_queue.children;
    if (waiting.empty()) return nullptr;
    auto& child = tcp_sk(*waiting.front());
    waiting.erase(waiting.begin());
    child.parent = nullptr;
    return &child;
}

tcp_sock& inet_sockets::establish(endpoint local, endpoint peer, tcp_sequence rcv_nxt, tcp_sequence snd_nxt,
                                  std::uint32_t snd_wnd) {
    auto& sk = alloc_tcp();
    sk.skc_rcv_saddr = local.address;
    sk.skc_num = local.port;
    sk.skc_daddr = peer.address;
    sk.skc_dport = peer.port;
    sk.skc_state = TCP_ESTABLISHED;
    sk.rcv_nxt = sk.copied_seq = sk.rcv_wup = rcv_nxt;
    sk.snd_una = sk.snd_nxt = sk.write_seq = snd_nxt;
    sk.snd_wl1 = rcv_nxt;
    sk.snd_wnd = sk.max_window = snd_wnd;
    sk.rx_opt.mss = sk.advmss;
    sk.rcv_ssthresh = sk.rcv_wnd = tcp_full_space(sk) / sk.advmss * sk.advmss;
    sk.window_clamp = tcp_full_space(sk);
    tcp_init_buffer_space(sk, {});
    tcp_initialize_rcv_mss(sk);
    tcp_fast_path_check(sk);
    m_hashinfo->ehash.insert(sk);
    return sk;
}

void inet_sockets::tcp_cleanup_rbuf(receive_context& context, tcp_sock& sk, std::uint64_t copied) {
    const auto& ack = sk.icsk_ack;
    bool due = false;
    if (inet_csk_ack_scheduled(sk)) {
        const bool small_segment =
            (ack.pending & icsk_ack_pushed2) != 0 || ((ack.pending & icsk_ack_pushed) != 0 && !ack.pingpong);
        due = sk.rcv_nxt - sk.rcv_wup > ack.rcv_mss || (copied > 0 && small_segment && sk.sk_rmem_alloc == 0);
    }
    // A window that at least doubles is told at once.
    if (copied > 0 && !due && (sk.sk_shutdown & rcv_shutdown) == 0) {
        const auto offered = sk.receive_window();
        if (2 * offered <= sk.window_clamp) {
            const auto window = __tcp_select_window(sk);
            due = window > 0 && window >= 2 * offered;
        }
    }
    if (due) tcp_send_ack(context, sk);
}

namespace {

// tcp_recvmsg_locked(): one sk_buff after the other is read, and the buffer may grow after each.
void tcp_read_queue(tcp_sock& sk, picoseconds now) {
    auto& queue = sk.sk_receive_queue;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        sk_mem_uncharge(sk, queue[i].truesize);
        sk.copied_seq = queue[i].end_seq;
        const bool last_of_skb = i + 1 == queue.size() || !queue[i + 1].merged;
        if (last_of_skb && queue[i].bytes > 0) tcp_rcv_space_adjust(sk, now);
    }
    queue.clear();
    sk.copied_seq = sk.rcv_nxt;
}

}  // namespace

void inet_sockets::recv(receive_context& context, sock& sk, std::vector<received_packet>& read) {
    if (sk.skc_protocol == ipproto_udp) return udp_recvmsg(udp_sk(sk), read);
    auto& tcp = tcp_sk(sk);
    read = sk.sk_receive_queue;
    const auto bytes = sk.unread_bytes();
    tcp_read_queue(tcp, context.now);
    tcp_urgent_data_read(tcp);
    if (sk.skc_state != TCP_CLOSE) tcp_cleanup_rbuf(context, tcp, bytes);
}

std::uint64_t inet_sockets::recv_all(receive_context& context, sock& sk) {
    const auto bytes = sk.unread_bytes();
    std::vector<received_packet> read;
    do recv(context, sk, read);
    while (!sk.sk_receive_queue.empty());
    return bytes;
}

void inet_sockets::send(receive_context& context, tcp_sock& sk, std::uint32_t bytes) {
    tcp_send_data(context, sk, bytes);
}

void inet_sockets::release_sock(receive_context& context, tcp_sock& sk) {
    auto backlog = std::move(sk.sk_backlog);
    sk.sk_backlog.clear();
    sock_hold(sk);
    for (auto& skb : backlog) tcp_v4_do_rcv(context, sk, skb);
    sk.sk_backlog_len = 0;
    sk.sk_owned = false;
    if (std::exchange(sk.ack_deferred, false) && inet_csk_ack_scheduled(sk)) tcp_send_ack(context, sk);
    sock_put(context, sk);
}

void inet_sockets::close_listener(receive_context& context, tcp_sock& sk) {
    m_hashinfo->lhash2.remove(sk);
    sk.skc_state = TCP_CLOSE;
    for (auto* child : sk.icsk_accept_queue.children) {
        auto& connection = tcp_sk(*child);
        connection.parent = nullptr;
        if (connection.skc_state != TCP_CLOSE) tcp_send_active_reset(context, connection);
        connection.sk_dead = true;
        tcp_done(context, connection);
        sock_put(context, connection);
    }
    sk.icsk_accept_queue.children.clear();
}

void inet_sockets::close_connection(receive_context& context, tcp_sock& sk) {
    const bool unread = sk.unread_bytes() > 0;
    for (const auto& packet : sk.sk_receive_queue) sk_mem_uncharge(sk, packet.truesize);
    sk.sk_receive_queue.clear();  // read or not, without a word
    if (sk.skc_state == TCP_CLOSE) return inet_csk_destroy_sock(context, sk);
    if (unread) {
        tcp_send_active_reset(context, sk);
        return tcp_done(context, sk);
    }
    const bool half_closed = sk.skc_state == TCP_CLOSE_WAIT;
    if (!half_closed && sk.skc_state != TCP_ESTABLISHED && sk.skc_state != TCP_SYN_RECV) return;
    sk.skc_state = half_closed ? TCP_LAST_ACK : TCP_FIN_WAIT1;  // tcp_close_state()
    sk.sk_shutdown |= send_shutdown;
    tcp_send_fin(context, sk);
}

void inet_sockets::close(receive_context& context, sock& sk) {
    sk.sk_dead = true;
    sk.sk_shutdown = rcv_shutdown | send_shutdown;
    if (sk.skc_protocol == ipproto_udp) {
        m_udp_table.remove(udp_sk(sk));
        sk.skc_state = TCP_CLOSE;
        udp_destruct_common(context, udp_sk(sk));
    } else if (sk.skc_state == TCP_LISTEN) {
        close_listener(context, tcp_sk(sk));
    } else {
        close_connection(context, tcp_sk(sk));
    }
    sock_put(context, sk);
}

udp_sock& inet_sockets::bind_udp(endpoint local, int bound_dev_if) {
    auto& sk = adopt(m_udp.alloc());
    sk.skc_protocol = ipproto_udp;
    sk.skc_rcv_saddr = local.address;
    sk.skc_num = local.port;
    sk.skc_bound_dev_if = bound_dev_if;
    sk.sk_rcvbuf = static_cast<std::uint32_t>(m_sysctls.rmem_default);
    sock_hold(sk);
    m_udp_table.insert(sk);
    return sk;
}

void inet_sockets::connect_udp(udp_sock& sk, endpoint peer, ipv4_address source) {
    if (sk.skc_rcv_saddr.is_unspecified() && !source.is_unspecified()) m_udp_table.rehash(sk, source);
    sk.skc_daddr = peer.address;
    sk.skc_dport = peer.port;
    sk.skc_state = TCP_ESTABLISHED;
}

void inet_sockets::bind_to_device(sock& sk, int ifindex) { sk.skc_bound_dev_if = ifindex; }

void inet_sockets::send_port_unreachable(receive_context& context, sk_buff& skb) {
    if (m_icmp_sender != nullptr) m_icmp_sender(context, *m_net, skb, {icmp_dest_unreach, icmp_port_unreach, 0});
}

bool inet_sockets::listens(endpoint local) const {
    const auto& bucket = m_hashinfo->lhash2.bucket(local.address, local.port);
    return std::any_of(bucket.begin(), bucket.end(), [&](const tcp_sock* sk) { return sk->local() == local; });
}

tcp_sequence inet_sockets::next_isn(receive_context& context, endpoint peer,
                                    std::optional<tcp_sequence> time_wait_isn) {
    const auto expected = m_expected_isns.find({peer.address.value, peer.port.value});
    if (expected != m_expected_isns.end()) {
        const auto isn = expected->second;
        m_expected_isns.erase(expected);
        return isn;
    }
    if (time_wait_isn) return *time_wait_isn;
    if (m_next_isn) return *std::exchange(m_next_isn, std::nullopt);
    return {static_cast<std::uint32_t>(context.random())};
}

void inet_sockets::complete_hashdance(receive_context& context, tcp_sock& listener, tcp_sock& child,
                                      request_sock& req) {
    context.trace.leaf(fn::inet_csk_complete_hashdance);
    drop_request(context, req);
    inet_csk_reqsk_queue_add(listener, child);
}

void inet_sockets::inet_csk_reqsk_queue_add(tcp_sock& listener, tcp_sock& child) {
    listener.icsk_accept_queue.children.push_back(&child);
}

bool inet_sockets::tcp_challenge_ack_allowed(receive_context& context) {
    const auto limit = static_cast<std::uint64_t>(m_sysctls.tcp_challenge_ack_limit);
    if (limit == INT32_MAX) return true;
    const auto second = context.now.value / picoseconds_per_second;
    if (second != m_challenge_second) {
        m_challenge_second = second;
        m_challenge_count = limit == 0 ? 0 : (limit + 1) / 2 + context.random() % limit;
    }
    if (m_challenge_count == 0) return false;
    --m_challenge_count;
    return true;
}

void inet_sockets::unhash(tcp_sock& sk) { m_hashinfo->ehash.remove(sk); }

void inet_sockets::replace_by_timewait(receive_context& context, tcp_sock& sk, inet_timewait_sock& tw) {
    m_hashinfo->ehash.replace(sk, tw);
    inet_twsk_reschedule(context, tw);
}

}  // namespace rxpath
