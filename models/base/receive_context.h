// What one run of the receive softirq is given, and what it leaves behind.
#pragma once

#include <random>
#include <vector>

#include "models/base/address.h"
#include "models/base/call_trace.h"
#include "models/base/drop_reason.h"
#include "models/base/looped_packet.h"
#include "models/base/tcp_sequence.h"
#include "models/base/units.h"

namespace rxpath {

struct sock_common;

using random_source = std::mt19937_64;  // its sequence is the same on every machine

constexpr std::uint64_t no_received_packet = 0;  // the number of one that this host made itself

struct dropped_packet {
    std::uint64_t number;  // sk_buff::number
    drop_reason reason;
    function_number at;  // the function that gave it up
};

// What became of a packet that waited, out of order or as a fragment.
struct settled_packet {
    std::uint64_t number;  // sk_buff::number
    drop_reason reason;    // NOT_DROPPED_YET: its socket can be read; CONSUMED: it is part of a whole datagram
};

// What the host sends in answer, or passes on.
enum class sent_kind : std::uint8_t { syn_ack, ack, data, reset, fin, icmp_error, icmp_echo_reply, forwarded };

struct sent_packet {
    sent_kind kind;
    endpoint from, to;
    tcp_sequence seq, ack_seq;
    std::uint8_t tcp_flags = 0;
    std::uint16_t window = 0;
    std::uint64_t number = 0;  // forwarded: sk_buff::number
    bool comes_back = false;   // its way leads to this host
};

// What /proc/net/snmp and /proc/net/netstat of a real host count, as far as no packet's fate tells it.
struct snmp_counters {
    std::uint64_t out_no_routes = 0;     // IpOutNoRoutes: no way for what this host sends
    std::uint64_t listen_drops = 0;      // TcpExtListenDrops: SYNs, and connections at their third packet
    std::uint64_t listen_overflows = 0;  // TcpExtListenOverflows: of these, because accept() came too late

    bool any() const { return out_no_routes != 0 || listen_drops != 0 || listen_overflows != 0; }
    snmp_counters& operator+=(const snmp_counters& other) {
        out_no_routes += other.out_no_routes;
        listen_drops += other.listen_drops;
        listen_overflows += other.listen_overflows;
        return *this;
    }
};

struct receive_context {
    call_trace& trace;
    random_source& random;
    picoseconds now;
    std::vector<dropped_packet> dropped{};
    std::vector<settled_packet> settled{};
    std::vector<sent_packet> sent{};
    std::vector<looped_packet> looped{};  // what came back on the loopback device and waits for the backlog's poll
    snmp_counters counted{};
    std::vector<sock_common*> woken{};  // sockets whose application sock_def_readable() woke

    void settle(std::uint64_t number, drop_reason reason) { settled.push_back({number, reason}); }
    void drop(std::uint64_t number, drop_reason reason, function_number at) { dropped.push_back({number, reason, at}); }
};

// CONFIG_HZ of Debian's kernel.
constexpr std::uint64_t hz = 250;
constexpr std::uint64_t jiffies(picoseconds now) { return now.value / (picoseconds_per_second / hz); }

}  // namespace rxpath
