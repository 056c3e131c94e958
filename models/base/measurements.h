// What a run measured. Plain numbers: sim/ names, formats and writes them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/address.h"
#include "models/base/call_trace.h"
#include "models/base/cycle_cause.h"
#include "models/base/decision.h"
#include "models/base/drop_reason.h"
#include "models/base/memory_use.h"
#include "models/base/packet_fate.h"
#include "models/base/receive_context.h"
#include "models/base/stage.h"
#include "models/base/units.h"

namespace rxpath {

// Work done: what ran, summed.
struct work {
    std::uint64_t instructions = 0;          // of the receive path's own functions (function_kind::receive)
    std::uint64_t context_instructions = 0;  // of helpers and closed subtrees
    std::uint64_t loads = 0, stores = 0;     // of all of them
    std::uint64_t core_cycles = 0;
    memory_use found;       // code and data of what ran
    cycles_by_cause why{};  // of these; the rest are fixed amounts: interrupts, wake-ups, a read() of an application

    work& operator+=(const work& other);
};

struct function_total {
    std::uint64_t calls = 0;
    std::int64_t instructions = 0;
    double cycles = 0;  // not rounded
};
using function_totals = std::array<function_total, function_count>;

// What a packet cost: its own, and its share of what was done for several at once.
struct packet_work {
    std::uint64_t instructions = 0;          // as in `work`
    std::uint64_t context_instructions = 0;  // the same
    std::uint64_t loads = 0, stores = 0;
    std::uint64_t core_cycles = 0;

    packet_work& operator+=(const packet_work& other);
};

// Cycles that are charged beside the calls.
enum class fixed_cost : std::uint8_t { interrupt, wakeup, read, copy };

constexpr std::string_view to_string(fixed_cost what) {
    constexpr std::string_view names[] = {"interrupt", "wakeup", "read", "copy"};
    return names[static_cast<std::size_t>(what)];
}

// One received packet; kept when host_spec::keep_packet_records.
struct packet_record {
    std::uint64_t number = 0;
    picoseconds arrival;
    int arrived_on = 0;                         // ifindex of a device
    int left_by = 0;                            // the same; 0: it was not forwarded
    ipv4_address next_hop;                      // who it was forwarded to: a gateway, or its destination itself
    std::optional<picoseconds> at_socket;       // queued on its socket
    std::optional<picoseconds> at_application;  // read
    packet_outcome outcome = packet_outcome::consumed;
    drop_reason reason = drop_reason::NOT_DROPPED_YET;
    early_demux_outcome early_demux = early_demux_outcome::not_reached;
    route_source routed_by = route_source::none;
    packet_work done;         // in its softirq, the interrupt's entry included
    packet_work application;  // by whom it was for: wake-up, read(), copy; and by what tasks in the kernel did for it

    packet_work all() const { return packet_work{done} += application; }
};

// A call in which the explained packet had a part.
struct explained_call {
    stage worked = stage::napi;
    std::size_t packets = 0;        // that share it, 1: its own, 0: another packet's
    std::int64_t instructions = 0;  // its share, without callees
    double cycles = 0;              // the same
};

// A softirq run or a task in which the explained packet had a part.
struct explained_work {
    call_trace trace;
    std::vector<explained_call> calls;  // one a call of the trace
    std::uint64_t whole_cycles = 0;     // its share; calls take parts of cycles, stages hand over at whole ones
};

// The explained packet's share of a fixed cost.
struct explained_fixed_cost {
    fixed_cost what;
    std::uint64_t cycles;  // of all that share it
    std::uint64_t packets;
    std::uint64_t share;  // cycles
};

// All that host_spec::explain_packet cost.
struct explained_packet {
    std::vector<explained_work> work;  // in order of time
    std::vector<explained_fixed_cost> fixed;
};

// Where forwarded packets went: a device and a gateway, unspecified when they went to their destinations themselves.
struct forwarding_way {
    int device = 0;  // ifindex
    ipv4_address gateway;

    friend bool operator<(const forwarding_way& a, const forwarding_way& b) {
        return a.device != b.device ? a.device < b.device : a.gateway < b.gateway;
    }
};

// What a NIC and its wire do beside the core.
struct wire_totals {
    std::uint64_t offered = 0;          // frames that the traffic had for the wire
    std::uint64_t bits_offered = 0;     // on the wire, preamble and gap included
    std::uint64_t queue_overflows = 0;  // frames that found the sender's queue full
    std::uint64_t ring_overflows = 0;   // frames the NIC had no descriptor for
    std::uint64_t interrupts = 0;

    friend wire_totals operator+(const wire_totals& a, const wire_totals& b) {
        return {a.offered + b.offered, a.bits_offered + b.bits_offered, a.queue_overflows + b.queue_overflows,
                a.ring_overflows + b.ring_overflows, a.interrupts + b.interrupts};
    }
    friend wire_totals operator-(const wire_totals& a, const wire_totals& b) {
        return {a.offered - b.offered, a.bits_offered - b.bits_offered, a.queue_overflows - b.queue_overflows,
                a.ring_overflows - b.ring_overflows, a.interrupts - b.interrupts};
    }
};

// A flow that nothing could move on any more when the run ended.
struct stalled_flow {
    std::size_t flow = 0;           // index into host_spec::flows
    std::uint64_t packets = 0;      // that it did not send
    std::uint64_t connections = 0;  // that it did not close
};

// What is counted from the moment on at which the warm-up is over; measurement_window.h says when that is.
struct window_totals {
    std::uint64_t packets_received = 0, bits_received = 0;  // from the wires; bits are those of the wire
    std::uint64_t packets_looped = 0;                       // that the host sent to itself
    std::uint64_t held_before = 0;                          // out of order or fragments, when the window began
    std::array<std::uint64_t, static_cast<std::size_t>(packet_outcome::count)> outcomes{}, outcome_bits{};
    std::array<std::uint64_t, static_cast<std::size_t>(drop_reason::count)> drops{};
    std::array<std::uint64_t, static_cast<std::size_t>(early_demux_outcome::count)> early_demux{};
    std::array<std::uint64_t, static_cast<std::size_t>(route_source::count)> routed_by{};
    std::array<std::uint64_t, stage_count> stage_packets{};
    std::array<work, stage_count> stages{};
    std::array<function_totals, stage_count> functions{};
    fate_accounts fates;                           // when host_spec::keep_fates
    std::vector<picoseconds> wire_to_socket;       // of delivered packets, in order of delivery
    std::vector<picoseconds> wire_to_application;  // of packets that were read
    std::vector<picoseconds> wire_to_wire;         // of forwarded packets, to the next wire's queue
    std::uint64_t connections_established = 0;     // handshakes completed
    std::uint64_t resets_sent = 0, resets_received = 0;
    std::uint64_t acks_sent = 0, syn_acks_sent = 0, icmp_errors_sent = 0;
    std::uint64_t syns_received = 0, fins_received = 0;
    snmp_counters counted;
    std::uint64_t polls = 0;
    std::uint64_t time_squeezes = 0;  // softnet_data::time_squeeze: the budget ended a net_rx_action()
    wire_totals wires;                // of all NICs
    double busiest_wire = 0;          // bits that were offered, by those that it takes in the time
    std::uint64_t carried_in = 0;     // on a wire or in a ring when the window began
    std::uint64_t in_flight = 0;      // the same when it ended
    std::map<forwarding_way, std::uint64_t> forwarded_by;  // packets
    picoseconds simulated;                                 // from the end of the warm-up to the end of the run
    picoseconds core_busy;                                 // of that, the core was not idle
};

struct measurements : window_totals {
    bool warm = false;                 // the warm-up ended before the run did
    std::uint64_t first_measured = 1;  // number of the first packet after it

    std::vector<stalled_flow> stalled;

    // Of all packets, by number from 1.
    std::vector<packet_record> packets;
    std::vector<std::string> devices;  // their names, by ifindex
    explained_packet explained;
};

}  // namespace rxpath
