// TCP's sockets: struct tcp_sock with the parts of inet_connection_sock it is built on (include/linux/tcp.h,
// include/net/inet_connection_sock.h), request_sock (a SYN answered) and inet_timewait_sock.
//
// Modelled: what receiving reads and writes: sequence numbers, header prediction, the receive window, delayed
// acknowledgements, the out-of-order queue, the listener's queues. Left out: congestion control, retransmission of data
// (what is sent counts as sent), what SACK blocks say about data sent, fast open, MPTCP, TCP-AO and MD5 keys.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/socket/sock.h"

namespace rxpath {

constexpr std::uint32_t tcp_mss_default = 536, tcp_min_mss = 88;  // bytes of payload
constexpr std::uint32_t tcp_max_quickacks = 16;
constexpr std::size_t tcp_num_sacks = 4;  // so many holes are reported
constexpr std::uint64_t tcp_ato_min = hz / 25, tcp_delack_min = hz / 25, tcp_delack_max = hz / 5;  // jiffies
constexpr std::uint64_t tcp_timewait_len = 60 * hz, tcp_timeout_init = hz, tcp_rto_min = hz / 5;   // jiffies

// inet_connection_sock::icsk_ack.pending
enum ack_pending : std::uint8_t {
    icsk_ack_sched = 1,    // an ACK is owed
    icsk_ack_timer = 2,    // the delayed-ACK timer runs
    icsk_ack_pushed = 4,   // a small segment came
    icsk_ack_pushed2 = 8,  // and a second one
    icsk_ack_now = 16,     // send it at once, once
    icsk_ack_nomem = 32    // the packet could not be queued
};

// tcp_sock::ecn_flags
constexpr std::uint8_t tcp_ecn_ok = 1, tcp_ecn_demand_cwr = 4, tcp_ecn_seen = 8;

// inet_connection_sock::icsk_ack: when the next ACK is due.
struct delayed_ack {
    std::uint8_t pending = 0;         // ack_pending bits
    std::uint32_t quick = 0;          // so many ACKs go out at once yet
    bool pingpong = false;            // the application answers: ACKs ride on its data
    std::uint64_t ato = 0;            // expected interval between segments, jiffies; 0: no data yet
    std::uint64_t timeout = 0;        // of the timer, jiffies
    std::uint64_t lrcvtime = 0;       // last data, jiffies
    std::uint32_t last_seg_size = 0;  // bytes
    std::uint32_t rcv_mss = 0;        // guess of the peer's segment size, bytes
};

// struct tcp_options_received: what SYN options agreed on, and the timestamps of the segment at hand.
struct tcp_options_received {
    bool tstamp_ok = false, wscale_ok = false, sack_ok = false;
    bool ecn_ok = false;         // the SYN asked for explicit congestion notification (RFC 3168), and gets it
    bool saw_tstamp = false;     // the segment at hand carried one
    std::uint8_t num_sacks = 0;  // blocks of data received out of order, to report
    std::uint8_t snd_wscale = 0, rcv_wscale = 0;
    std::uint32_t mss = tcp_mss_default;
    std::uint32_t rcv_tsval = 0, rcv_tsecr = 0;
    std::uint32_t ts_recent = 0;
};

// tcp_sock::rcv_rtt_est: how long a window of data takes to arrive.
struct receive_rtt {
    std::uint64_t rtt_us = 0;  // shortest time, eighths of a microsecond; 0: none measured
    tcp_sequence seq;          // the window is received when rcv_nxt gets here
    picoseconds time;          // when it began
};

// tcp_sock::rcvq_space: what the application reads in that time (tcp_rcv_space_adjust()).
struct receive_space {
    std::uint32_t space = 0;  // bytes read in the last interval
    tcp_sequence seq;         // read up to here when the interval began
    picoseconds time;
};

// tcp_sack_block: data received out of order.
struct sack_block {
    tcp_sequence start_seq, end_seq;
};

// tcp_sock::compressed_ack: several holes' reports become one.
struct compressed_acks {
    std::uint8_t waiting = 0;     // reports withheld
    std::uint8_t duplicates = 0;  // sent at once since rcv_nxt moved (tcp_sock::dup_ack_counter)
    tcp_sequence rcv_nxt;         // when these were counted
    picoseconds expires;          // what waits is sent then
};

// tcp_sock::urg_data: the peer marked a byte as urgent.
enum class urgent_data : std::uint8_t { none, expected, received };

struct request_sock;
struct sock_reuseport;

// request_sock_queue, and the sockets that are established and not yet accepted.
struct accept_queue {
    std::uint32_t qlen = 0;  // request sockets waiting for the last ACK
    std::uint32_t sk_max_ack_backlog = 0;
    bool overflowed = false;             // SYN cookies were sent
    std::uint64_t overflow_at = 0;       // the last one then, jiffies
    std::vector<sock_common*> children;  // oldest first
};

struct tcp_sock : sock {
    tcp_sequence rcv_nxt, copied_seq, rcv_wup;  // next wanted; read up to; rcv_nxt when the last window was sent
    receive_rtt rcv_rtt_est;
    receive_space rcvq_space;
    std::uint32_t rcv_rtt_last_tsecr = 0;                           // echoed timestamp of the segment before
    std::uint32_t tsoffset = 0;                                     // of the own timestamps from the clock, ms
    std::uint32_t rcv_wnd = 0, window_clamp = 0, rcv_ssthresh = 0;  // bytes
    std::uint32_t scaling_ratio = 128;                              // share of a buffer that is payload, in 256ths
    tcp_sequence snd_una, snd_nxt, write_seq, snd_wl1;
    std::uint32_t snd_wnd = 0, max_window = 0;  // bytes
    std::uint64_t bytes_acked = 0;
    std::uint32_t pred_flags = 0;       // header prediction; 0: off
    std::uint32_t tcp_header_len = 20;  // bytes, with timestamps 32
    std::uint32_t advmss = 1460;        // bytes
    tcp_options_received rx_opt;
    delayed_ack icsk_ack;
    std::uint64_t icsk_rto = tcp_timeout_init;  // jiffies
    std::uint64_t srtt = 0;                     // smoothed round trip time, jiffies; 0: not measured
    std::uint64_t last_oow_ack_time = 0;        // jiffies; 0: never
    std::uint32_t segs_in = 0, data_segs_in = 0;
    rxpath::urgent_data urg_data = urgent_data::none;
    tcp_sequence urg_seq;        // of the urgent byte
    std::uint8_t ecn_flags = 0;  // tcp_ecn_*
    bool fin_sent = false;
    bool ack_deferred = false;                             // TCP_ACK_DEFERRED: until the owner lets the socket go
    std::vector<received_packet> out_of_order_queue;       // by seq
    std::array<sack_block, tcp_num_sacks> selective_acks;  // the newest first
    compressed_acks compressed_ack;
    accept_queue icsk_accept_queue;             // of a listener
    bool sk_reuseport = false;                  // SO_REUSEPORT
    sock_reuseport* sk_reuseport_cb = nullptr;  // its group, while it listens
    tcp_sock* parent = nullptr;                 // the listener, while not accepted
    std::uint64_t delack_armed = 0;             // jiffies: the timer queue has an entry for then; 0: none

    // The bytes offered to the peer and not used yet (tcp_receive_window()).
    std::uint32_t receive_window() const {
        const auto left = static_cast<std::int32_t>(rcv_wup + rcv_wnd - rcv_nxt);
        return left < 0 ? 0 : static_cast<std::uint32_t>(left);
    }
};

// struct tcp_request_sock: a SYN was answered, the third packet is awaited. skc_state is TCP_NEW_SYN_RECV.
struct request_sock : sock_common {
    tcp_sock* rsk_listener = nullptr;  // a reference is held; null: the request is used up
    tcp_sequence rcv_isn, snt_isn, rcv_nxt;
    tcp_options_received options;
    std::uint32_t rsk_rcv_wnd = 0, rsk_window_clamp = 0;  // bytes
    std::uint64_t expires = 0;                            // jiffies
    picoseconds snt_synack;                               // the SYN-ACK was sent
    std::uint64_t last_oow_ack_time = 0;                  // jiffies
};

// struct tcp_timewait_sock. skc_state is TCP_TIME_WAIT.
struct inet_timewait_sock : sock_common {
    tcp_state tw_substate = TCP_TIME_WAIT;  // or TCP_FIN_WAIT2
    tcp_sequence tw_rcv_nxt, tw_snd_nxt;
    std::uint32_t tw_rcv_wnd = 0;  // bytes
    std::uint32_t tw_ts_recent = 0;
    bool tw_tstamp = false;
    std::uint64_t expires = 0;               // jiffies
    std::uint64_t tw_last_oow_ack_time = 0;  // jiffies
};

// tcp_clock_ms(): what timestamps count.
constexpr std::uint32_t tcp_clock_ms(picoseconds now) {
    return static_cast<std::uint32_t>(now.value / (picoseconds_per_second / 1000));
}

inline tcp_sock& tcp_sk(sock_common& sk) { return static_cast<tcp_sock&>(sk); }
inline request_sock& inet_reqsk(sock_common& sk) { return static_cast<request_sock&>(sk); }
inline inet_timewait_sock& inet_twsk(sock_common& sk) { return static_cast<inet_timewait_sock&>(sk); }

inline bool inet_csk_ack_scheduled(const tcp_sock& sk) { return (sk.icsk_ack.pending & icsk_ack_sched) != 0; }
inline void inet_csk_schedule_ack(tcp_sock& sk) { sk.icsk_ack.pending |= icsk_ack_sched; }

}  // namespace rxpath
