// What a run measured. Plain numbers: sim/ names, formats and writes them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/base/call_trace.h"
#include "models/base/decision.h"
#include "models/base/drop_reason.h"
#include "models/base/units.h"
#include "models/cpu/memory_use.h"
#include "models/cycle_cause.h"
#include "models/stage.h"

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

enum class packet_outcome : std::uint8_t { delivered, forwarded, consumed, dropped, count };

constexpr std::string_view to_string(packet_outcome outcome) {
    constexpr std::string_view names[] = {"delivered", "forwarded", "consumed", "dropped"};
    return names[static_cast<std::size_t>(outcome)];
}

// One received packet; kept when host_spec::keep_packet_records.
struct packet_record {
    std::uint64_t number = 0;
    picoseconds arrival;
    std::optional<picoseconds> at_socket;       // queued on its socket
    std::optional<picoseconds> at_application;  // read
    packet_outcome outcome = packet_outcome::consumed;
    drop_reason reason = drop_reason::NOT_DROPPED_YET;
    early_demux_outcome early_demux = early_demux_outcome::not_reached;
    route_source routed_by = route_source::none;
    work done;  // its own, with its share of what its poll did for all
};

// A flow that nothing could move on any more when the run ended.
struct stalled_flow {
    std::size_t flow = 0;           // index into host_spec::flows
    std::uint64_t packets = 0;      // that it did not send
    std::uint64_t connections = 0;  // that it did not close
};

// What is counted from the moment on at which the warm-up is over; measurement_window.h says when that is.
struct window_totals {
    std::uint64_t packets_received = 0;  // from the wires
    std::array<std::uint64_t, static_cast<std::size_t>(packet_outcome::count)> outcomes{};
    std::array<std::uint64_t, static_cast<std::size_t>(drop_reason::count)> drops{};
    std::array<std::uint64_t, static_cast<std::size_t>(early_demux_outcome::count)> early_demux{};
    std::array<std::uint64_t, static_cast<std::size_t>(route_source::count)> routed_by{};
    std::array<std::uint64_t, stage_count> stage_packets{};
    std::array<work, stage_count> stages{};
    std::array<function_totals, stage_count> functions{};
    std::vector<picoseconds> wire_to_socket;  // of delivered packets, in order of delivery
    std::vector<picoseconds> wire_to_application;
    std::uint64_t connections_established = 0;  // handshakes completed
    std::uint64_t resets_sent = 0, resets_received = 0;
    std::uint64_t acks_sent = 0, syn_acks_sent = 0, icmp_errors_sent = 0;
    std::uint64_t syns_received = 0, fins_received = 0;
    std::uint64_t ring_overflows = 0;  // frames the NIC had no descriptor for
    std::uint64_t interrupts = 0, polls = 0;
    std::uint64_t time_squeezes = 0;  // softnet_data::time_squeeze: the budget ended a net_rx_action()
    picoseconds simulated;            // from the end of the warm-up to the end of the run
    picoseconds core_busy;            // of that, the core was not idle
};

struct measurements : window_totals {
    bool warm = false;                 // the warm-up ended before the run did
    std::uint64_t first_measured = 1;  // number of the first packet after it

    std::vector<stalled_flow> stalled;

    // Of all packets, by number from 1.
    std::vector<packet_record> packets;
    call_trace explained;                  // of host_spec::explain_packet: all its poll ran
    std::vector<stage> explained_stages;   // one a call of `explained`
    std::vector<double> explained_cycles;  // the same: of its own, without callees
};

}  // namespace rxpath
