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

struct dropped_packet {
    std::uint64_t number;  // sk_buff::number
    drop_reason reason;
    fn at;  // the function that gave it up
};

// What became of a packet that waited, out of order or as a fragment.
struct settled_packet {
    std::uint64_t number;  // sk_buff::number
    drop_reason reason;    // NOT_DROPPED_YET: its socket can be read; CONSUMED: it is part of a whole datagram
};

// What the host sends in answer, or passes on.
enum class sent_kind : std::uint8_t { syn_ack, ack, reset, fin, icmp_error, icmp_echo_reply, forwarded };

struct sent_packet {
    sent_kind kind;
    endpoint from, to;
    tcp_sequence seq, ack_seq;
    std::uint8_t tcp_flags = 0;
    std::uint16_t window = 0;
    std::uint64_t number = 0;  // forwarded: sk_buff::number
};

struct receive_context {
    call_trace& trace;
    random_source& random;
    picoseconds now;
    std::vector<dropped_packet> dropped{};
    std::vector<settled_packet> settled{};
    std::vector<sent_packet> sent{};
    std::vector<looped_packet> looped{};  // what came back on the loopback device and waits for the backlog's poll
    std::vector<sock_common*> woken{};    // sockets whose application sock_def_readable() woke

    void settle(std::uint64_t number, drop_reason reason) { settled.push_back({number, reason}); }
    void drop(std::uint64_t number, drop_reason reason, fn at) { dropped.push_back({number, reason, at}); }
};

// CONFIG_HZ of Debian's kernel.
constexpr std::uint64_t hz = 250;
constexpr std::uint64_t jiffies(picoseconds now) { return now.value / (picoseconds_per_second / hz); }

}  // namespace rxpath
