// All sockets of a network namespace, with the system calls that applications make on them (net/ipv4/af_inet.c,
// net/ipv4/tcp.c, net/ipv4/udp.c): listen(), accept(), recv(), send(), close(), bind() and connect() of UDP.
//
// What the receive path needs of the timers runs here too: TIME_WAIT, delayed ACKs, half-open connections. Left out:
// retransmission (a SYN-ACK is sent once and its request given up after the time of all its retries), keepalive.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "models/base/icmp.h"
#include "models/base/receive_context.h"
#include "models/base/sysctl_ipv4.h"
#include "models/socket/inet_hashinfo.h"
#include "models/socket/sock_slab.h"
#include "models/socket/syncookies.h"
#include "models/socket/tcp_sock.h"
#include "models/socket/udp_table.h"

namespace rxpath {

class ipv4_routing;

class inet_sockets {
public:
    // Answers a packet with an ICMP error: what the layer above does for UDP (icmp_send()).
    using icmp_sender = void (*)(receive_context&, network_namespace&, sk_buff&, const icmp_error&);

    // `seed` makes the secret of the tables' hashes.
    inet_sockets(network_namespace* net, sysctl_ipv4& sysctls, std::size_t ehash_entries = default_ehash_entries,
                 std::uint64_t seed = 1);
    // Shares another namespace's TCP tables, as namespaces of one host do.
    inet_sockets(network_namespace* net, sysctl_ipv4& sysctls, inet_hashinfo& shared);
    ~inet_sockets();
    inet_sockets(const inet_sockets&) = delete;
    inet_sockets& operator=(const inet_sockets&) = delete;

    // The routes by which answers go out. Without, everybody can be reached.
    void route_by(ipv4_routing& routing) { m_routing = &routing; }

    const network_namespace* net() const { return m_net; }
    const sysctl_ipv4& sysctls() const { return m_sysctls; }
    inet_hashinfo& hashinfo() { return *m_hashinfo; }
    const inet_hashinfo& hashinfo() const { return *m_hashinfo; }
    rxpath::udp_table& udp_table() { return m_udp_table; }

    // --- System calls. A socket that is returned is the application's until it closes it.

    // Listens on `local` (any address if unspecified) and `bound_dev_if` (any device if 0). `backlog` connections may
    // wait. Listeners with `reuseport` share an address and port.
    tcp_sock& listen(endpoint local, int bound_dev_if = 0, std::uint32_t backlog = 4096, bool reuseport = false);
    // The oldest connection that waits; null when none does.
    tcp_sock* accept(tcp_sock& listener);
    // A connection that was there before the run. rcv_nxt and snd_nxt are the next sequence numbers of both directions.
    tcp_sock& establish(endpoint local, endpoint peer, tcp_sequence rcv_nxt, tcp_sequence snd_nxt,
                        std::uint32_t snd_wnd);
    // One recvmsg(): all that is there of a TCP connection, one datagram of a UDP socket. `read` is what was read;
    // memory is given back, an ACK may be due.
    void recv(receive_context& context, sock& sk, std::vector<received_packet>& read);
    // Reads until nothing is left. Answers the bytes read.
    std::uint64_t recv_all(receive_context& context, sock& sk);
    // Sends `bytes` of data at once, whatever the peer's window.
    void send(receive_context& context, tcp_sock& sk, std::uint32_t bytes);
    // FIN, or a reset when data is unread. The socket is no longer the application's.
    void close(receive_context& context, sock& sk);
    udp_sock& bind_udp(endpoint local, int bound_dev_if = 0);
    // `source`: the address that routing chose towards the peer; an unbound socket takes it.
    void connect_udp(udp_sock& sk, endpoint peer, ipv4_address source = {});
    // SO_BINDTODEVICE on a listener or a UDP socket.
    void bind_to_device(sock& sk, int ifindex);
    // The lock of a socket: while a task holds it, packets wait in the backlog.
    void lock_sock(sock& sk) { sk.sk_owned = true; }
    void release_sock(receive_context& context, tcp_sock& sk);

    void set_icmp_sender(icmp_sender sender) { m_icmp_sender = sender; }
    // Destination unreachable, port unreachable.
    void send_port_unreachable(receive_context& context, sk_buff& skb);

    // The SYN-ACK that is sent next begins with this sequence number. Without, the number is random.
    void set_next_isn(tcp_sequence isn) { m_next_isn = isn; }

    // The SYN-ACK to this peer begins with this sequence number, for a replay; of several, the first one first.
    void expect_isn(endpoint peer, tcp_sequence isn) {
        m_expected_isns.emplace(std::pair{peer.address.value, peer.port.value}, isn);
    }
    // Somebody listens on this address and port, for any device.
    bool listens(endpoint local) const;

    // --- Timers: what is due at `now`. Cheap when nothing is.
    void run_timers(receive_context& context, picoseconds now);
    // Before it nothing is due; nothing when no timer is armed.
    std::optional<picoseconds> next_timer() const {
        return m_timers.empty() ? std::nullopt : std::optional(m_timers.top().when);
    }

    // Sockets in use, by kind.
    std::size_t connection_count() const { return m_tcp.in_use(); }
    std::size_t timewait_count() const { return m_timewait.in_use(); }
    std::size_t request_count() const { return m_requests.in_use(); }
    // Calls visit(const sock_common&) for each socket whose memory is in use, of any kind.
    template <class Visit>
    void each_socket(Visit visit) const {
        m_tcp.each_in_use(visit);
        m_udp.each_in_use(visit);
        m_requests.each_in_use(visit);
        m_timewait.each_in_use(visit);
    }

    // --- For TCP's input functions.
    tcp_sock& alloc_tcp();
    request_sock& alloc_request();
    // One that nobody has seen yet.
    void reqsk_free(request_sock& req) { m_requests.free(req); }
    inet_timewait_sock& alloc_timewait();
    // The host's limit of challenge ACKs in a second (net.ipv4.tcp_challenge_ack_limit), which nobody can guess from
    // outside: it is between half of that and one and a half.
    bool tcp_challenge_ack_allowed(receive_context& context);
    ipv4_routing* routing() const { return m_routing; }
    // True once: the first segment beyond what this host announced is written to the log.
    bool first_beyond_mss() { return !std::exchange(m_beyond_mss_seen, true); }
    syn_cookies& cookies() { return m_cookies; }
    void set_time_wait_isn(std::optional<tcp_sequence> isn) { m_time_wait_isn = isn; }
    std::optional<tcp_sequence> take_time_wait_isn() { return std::exchange(m_time_wait_isn, std::nullopt); }
    tcp_sequence next_isn(receive_context& context, endpoint peer, std::optional<tcp_sequence> time_wait_isn);
    void add_request(receive_context& context, request_sock& req);
    void rearm_request(receive_context& context, request_sock& req);
    void drop_request(receive_context& context, request_sock& req);
    // inet_csk_complete_hashdance(): the request is done, its child waits for accept().
    void complete_hashdance(receive_context& context, tcp_sock& listener, tcp_sock& child, request_sock& req);
    // The connection waits for accept().
    void inet_csk_reqsk_queue_add(tcp_sock& listener, tcp_sock& child);
    void unhash(tcp_sock& sk);
    void replace_by_timewait(receive_context& context, tcp_sock& sk, inet_timewait_sock& tw);
    void inet_twsk_reschedule(receive_context& context, inet_timewait_sock& tw);
    void inet_twsk_deschedule_put(receive_context& context, inet_timewait_sock& tw);
    void arm_delayed_ack(tcp_sock& sk);
    void arm_compressed_ack(tcp_sock& sk);

private:
    // A socket's deadline. The socket may be gone, or another one in its place, when it comes.
    struct timer {
        picoseconds when;
        std::uint64_t order;  // of timers that expire together, the first armed fires first
        sock_common* sk;
        std::uint64_t generation;  // the socket's
        friend bool operator>(const timer& a, const timer& b) {
            return a.when != b.when ? a.when > b.when : a.order > b.order;
        }
    };

    void tcp_sk_init();
    template <class Sock>
    Sock& adopt(Sock& sk);
    void arm(sock_common& sk, picoseconds when);
    void fire(receive_context& context, sock_common& sk);
    void delayed_ack_timer(receive_context& context, tcp_sock& sk);
    void tcp_cleanup_rbuf(receive_context& context, tcp_sock& sk, std::uint64_t copied);
    void close_listener(receive_context& context, tcp_sock& sk);
    void close_connection(receive_context& context, tcp_sock& sk);
    void kill_timewait(receive_context& context, inet_timewait_sock& tw);

    network_namespace* m_net;
    sysctl_ipv4& m_sysctls;
    std::unique_ptr<inet_hashinfo> m_own_hashinfo;
    inet_hashinfo* m_hashinfo;
    rxpath::udp_table m_udp_table;
    sock_slab<tcp_sock> m_tcp;
    sock_slab<udp_sock> m_udp;
    sock_slab<request_sock> m_requests;
    sock_slab<inet_timewait_sock> m_timewait;
    std::priority_queue<timer, std::vector<timer>, std::greater<>> m_timers;
    std::uint64_t m_timer_order = 0;
    icmp_sender m_icmp_sender = nullptr;
    std::optional<tcp_sequence> m_next_isn;
    std::multimap<std::pair<std::uint32_t, std::uint16_t>, tcp_sequence> m_expected_isns;  // by peer
    ipv4_routing* m_routing = nullptr;
    syn_cookies m_cookies;
    std::uint64_t m_challenge_second = 0;  // challenge ACKs left in this second of the clock
    std::uint64_t m_challenge_count = 0;
    bool m_beyond_mss_seen = false;
    std::optional<tcp_sequence> m_time_wait_isn;  // of the SYN at hand, which matched a TIME_WAIT socket
};

}  // namespace rxpath
