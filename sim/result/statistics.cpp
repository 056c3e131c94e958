#include "sim/result/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/base/kernel_functions/routing.h"
#include "models/cpu/core_timing.h"

namespace rxpath {

namespace {

using demux = early_demux_outcome;

template <class Counters, class Index>
std::uint64_t at(const Counters& counters, Index index) {
    return counters[static_cast<std::size_t>(index)];
}

class statistic_list {
public:
    explicit statistic_list(std::string prefix = "") : m_prefix(std::move(prefix)) {}

    void count(std::string_view name, std::uint64_t n, std::string_view unit, std::string_view help) {
        list.push_back({m_prefix + std::string(name), static_cast<double>(n), unit, help, true});
    }
    void number(std::string_view name, double value, std::string_view unit, std::string_view help) {
        list.push_back({m_prefix + std::string(name), value, unit, help});
    }
    void ratio(std::string_view name, double part, double whole, std::string_view unit, std::string_view help) {
        const auto value = whole > 0 ? std::optional(part / whole) : std::nullopt;
        list.push_back({m_prefix + std::string(name), value, unit, help});
    }
    void under(std::string prefix) { m_prefix = std::move(prefix); }

    std::vector<statistic> list;

private:
    std::string m_prefix;
};

void add_packets(statistic_list& out, const measurements& m) {
    const auto lost = m.wires.queue_overflows + m.wires.ring_overflows;
    const auto dropped = lost + at(m.outcomes, packet_outcome::dropped);
    out.under("packets.");
    out.count("offered", m.wires.offered, "packets", "That the traffic had for the wires.");
    out.count("carried_in", m.carried_in, "packets", "On a wire or in a ring when measuring began.");
    out.count("lost", lost, "packets", "Before the host took them: drops.wire_queue and drops.ring.");
    out.count("received", m.packets_received, "packets", "offered + carried_in - lost - in_flight.");
    out.count("in_flight", m.in_flight, "packets", "On a wire or in a ring when measuring ended.");
    out.count("looped", m.packets_looped, "packets", "That the host sent to itself; not among received.");
    out.count("held_before", m.held_before, "packets", "Out of order or fragments, when measuring began.");
    out.count("delivered", at(m.outcomes, packet_outcome::delivered), "packets", "On a socket, for it to be read.");
    out.count("forwarded", at(m.outcomes, packet_outcome::forwarded), "packets", "Passed on to another host.");
    out.count("consumed", at(m.outcomes, packet_outcome::consumed), "packets",
              "Used up by the stack: SYN, ACK, RST, parts of a datagram.");
    out.count("held", at(m.outcomes, packet_outcome::held), "packets",
              "Out of order or fragments, still: received + looped + held_before - delivered - forwarded - consumed - "
              "(dropped - lost).");
    out.count("dropped", dropped, "packets", "Given up, for the reasons under drops; lost included.");
    out.ratio("lost.ratio", static_cast<double>(lost), static_cast<double>(lost + m.packets_received), "1",
              "Of packets lost or received, those lost.");
    out.ratio("dropped.ratio", static_cast<double>(dropped),
              static_cast<double>(lost + m.packets_received + m.packets_looped + m.held_before), "1",
              "Of packets lost, received, looped or held before, those given up anywhere.");
    out.under("drops.");
    out.count("wire_queue", m.wires.queue_overflows, "packets", "The sender's queue for the wire was full.");
    out.count("ring", m.wires.ring_overflows, "packets", "The NIC had no free descriptor; nic.ring_overflows.");
    for (std::size_t i = 0; i < m.drops.size(); ++i) {
        if (i <= static_cast<std::size_t>(drop_reason::CONSUMED)) continue;
        out.count(to_string(static_cast<drop_reason>(i)), m.drops[i], "packets", "Packets given up for this reason.");
    }
}

void add_rate(statistic_list& out, std::string_view of, std::uint64_t packets, std::uint64_t bits, double seconds) {
    out.ratio(fmt::format("{}.packets_per_second", of), static_cast<double>(packets), seconds, "packets/s",
              "Over the measured time.");
    out.ratio(fmt::format("{}.bits_per_second", of), static_cast<double>(bits), seconds, "bit/s",
              "The same in bits on the wire: Ethernet's header, check sequence, preamble and gap included.");
}

void add_rates(statistic_list& out, const measurements& m) {
    const auto seconds = static_cast<double>(m.simulated.value) / picoseconds_per_second;
    out.under("rate.");
    add_rate(out, "offered", m.wires.offered, m.wires.bits_offered, seconds);
    add_rate(out, "received", m.packets_received, m.bits_received, seconds);
    for (const auto outcome : {packet_outcome::delivered, packet_outcome::forwarded})
        add_rate(out, to_string(outcome), at(m.outcomes, outcome), at(m.outcome_bits, outcome), seconds);
    out.under("wire.");
    out.number("load", m.busiest_wire, "1", "Of the busiest wire: what was offered, of what it takes.");
}

std::uint64_t calls_of(const measurements& m, function_number function) {
    std::uint64_t calls = 0;
    for (const auto& stage : m.functions) calls += stage[static_cast<std::size_t>(function)].calls;
    return calls;
}

// Calls of what looks for a dst there.
std::uint64_t calls_for(const measurements& m, route_source source, std::uint64_t early_demux_calls) {
    switch (source) {
        case route_source::early_demux:
            return early_demux_calls;
        case route_source::hint:
            return calls_of(m, fn::ip_route_use_hint);
        case route_source::nexthop_cache:
        case route_source::allocated:
            return calls_of(m, fn::ip_route_input_slow);
        default:
            return 0;
    }
}

std::uint64_t sum_of_outcomes(const measurements& m, demux first, demux last) {
    const auto* begin = m.early_demux.data();
    return std::accumulate(begin + static_cast<std::size_t>(first), begin + static_cast<std::size_t>(last) + 1,
                           std::uint64_t{0});
}

void add_decisions(statistic_list& out, const measurements& m) {
    out.under("early_demux.");
    const auto called = sum_of_outcomes(m, demux::not_packet_host, demux::dst_reused);
    out.count("called", called, "packets", "tcp_v4_early_demux() or udp_v4_early_demux() ran.");
    out.count("socket_found", sum_of_outcomes(m, demux::no_full_socket, demux::dst_reused), "packets",
              "Early demux attached a socket.");
    for (std::size_t i = 0; i < m.early_demux.size(); ++i) {
        out.count(to_string(static_cast<demux>(i)), m.early_demux[i], "packets", "Early demux ended so.");
    }
    out.ratio("dst_reused.ratio", static_cast<double>(at(m.early_demux, demux::dst_reused)),
              static_cast<double>(called), "1", "Of early demux calls, those that reused the socket's dst.");
    const auto packets = static_cast<double>(m.packets_received + m.packets_looped);
    out.ratio("dst_reused.of_packets", static_cast<double>(at(m.early_demux, demux::dst_reused)), packets, "1",
              "Of packets received or looped, those that reused the socket's dst.");
    out.under("route.");
    for (std::size_t i = 0; i < m.routed_by.size(); ++i) {
        const auto source = static_cast<route_source>(i);
        const auto name = to_string(source);
        const auto n = static_cast<double>(m.routed_by[i]);
        const auto calls = static_cast<double>(calls_for(m, source, called));
        out.count(name, m.routed_by[i], "packets", "Packets whose dst came from here.");
        out.ratio(fmt::format("{}.of_packets", name), n, packets, "1", "Of packets received or looped.");
        out.ratio(fmt::format("{}.of_calls", name), n, calls, "1",
                  "Of calls that look there: early demux, ip_route_use_hint(), ip_route_input_slow().");
    }
}

void add_latency(statistic_list& out, std::vector<picoseconds> samples, std::string_view help) {
    std::sort(samples.begin(), samples.end());
    const auto n = static_cast<double>(samples.size());
    const auto ns = [](picoseconds p) { return static_cast<double>(p.value) / 1000; };
    const auto add_percentile = [&](std::string_view name, double share) {
        const auto value = samples.empty() ? 0 : ns(percentile(samples, share));
        out.ratio(name, value, samples.empty() ? 0 : 1, "ns", help);
    };
    add_percentile("p50_ns", 0.5);
    add_percentile("p90_ns", 0.9);
    add_percentile("p99_ns", 0.99);
    add_percentile("max_ns", 1);
    double sum = 0;
    for (const auto sample : samples) sum += ns(sample);
    out.ratio("mean_ns", sum, n, "ns", help);
    out.count("samples", samples.size(), "packets", help);
}

work sum_of_stages(const measurements& m) {
    work total;
    for (const auto& done : m.stages) total += done;
    return total;
}

void add_causes(statistic_list& out, const work& total, double packets) {
    auto fixed = static_cast<double>(total.core_cycles);
    out.under("cause.");
    for (std::size_t i = 0; i < cycle_cause_count; ++i) {
        out.ratio(fmt::format("{}.cycles_per_packet", to_string(static_cast<cycle_cause>(i))), total.why[i], packets,
                  "cycles", "Core cycles that passed for this.");
        fixed -= total.why[i];
    }
    out.ratio("fixed.cycles_per_packet", fixed, packets, "cycles", "Interrupts, wake-ups, a read() of an application.");
}

void add_memory(statistic_list& out, const memory_use& found, double packets) {
    out.under("memory.");
    for (std::size_t i = 0; i < memory_level_count; ++i) {
        const auto level = to_string(static_cast<memory_level>(i));
        out.ratio(fmt::format("{}.data_accesses_per_packet", level), static_cast<double>(found.data[i]), packets,
                  "accesses", "Of data that the core found there.");
        out.ratio(fmt::format("{}.code_lines_per_packet", level), static_cast<double>(found.code[i]), packets, "lines",
                  "Of code that the core found there.");
    }
}

void add_cost(statistic_list& out, const measurements& m, double frequency_ghz) {
    const auto total = sum_of_stages(m);
    const auto packets = static_cast<double>(m.packets_received);
    const auto per_packet = [&](std::string_view name, std::uint64_t n, std::string_view unit, std::string_view help) {
        out.ratio(name, static_cast<double>(n), packets, unit, help);
    };
    out.under("");
    per_packet("instructions_per_packet", total.instructions, "instructions", "Of the receive path's own functions.");
    per_packet("context_instructions_per_packet", total.context_instructions, "instructions",
               "Of helpers, replies, allocation.");
    per_packet("cycles_per_packet", total.core_cycles, "cycles", "Core cycles of all stages.");
    out.ratio("ns_per_packet", static_cast<double>(total.core_cycles) / frequency_ghz, packets, "ns",
              "The same in time.");
    add_causes(out, total, packets);
    add_memory(out, total.found, packets);
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto& done = m.stages[i];
        const auto core_cycles = static_cast<double>(done.core_cycles);
        out.under(fmt::format("stage.{}.", to_string(static_cast<stage>(i))));
        out.count("packets", m.stage_packets[i], "packets", "Packets that reached the stage.");
        per_packet("instructions_per_packet", done.instructions + done.context_instructions, "instructions",
                   "By packet received, context included.");
        per_packet("cycles_per_packet", done.core_cycles, "cycles", "By packet received.");
        out.ratio("ns_per_packet", core_cycles / frequency_ghz, packets, "ns", "By packet received.");
        out.ratio("share", core_cycles, static_cast<double>(total.core_cycles), "1", "Of the cycles of all stages.");
    }
}

void add_events(statistic_list& out, const measurements& m) {
    out.under("tcp.");
    out.count("connections_established", m.connections_established, "connections", "Handshakes completed.");
    out.count("syns_received", m.syns_received, "packets", "SYNs received.");
    out.count("fins_received", m.fins_received, "packets", "FINs received.");
    out.count("resets_received", m.resets_received, "packets", "RSTs received.");
    out.count("resets_sent", m.resets_sent, "packets", "RSTs sent.");
    out.count("syn_acks_sent", m.syn_acks_sent, "packets", "SYN-ACKs sent.");
    out.count("acks_sent", m.acks_sent, "packets", "ACKs sent that carry no data.");
    out.count("listen_drops", m.counted.listen_drops, "packets",
              "SYNs and third packets of handshakes that a listener dropped (TcpExtListenDrops).");
    out.count("listen_overflows", m.counted.listen_overflows, "packets",
              "Of these, because too many connections waited for accept() (TcpExtListenOverflows).");
    out.under("");
    out.count("ip.out_no_routes", m.counted.out_no_routes, "packets",
              "What the host could not send for want of a route (IpOutNoRoutes).");
    out.count("icmp.errors_sent", m.icmp_errors_sent, "packets", "ICMP errors sent.");
    out.count("nic.ring_overflows", m.wires.ring_overflows, "packets", "Frames that found no descriptor.");
    out.count("nic.interrupts", m.wires.interrupts, "interrupts", "Hard interrupts.");
    out.count("napi.polls", m.polls, "polls", "NAPI polls.");
    out.count("napi.time_squeezes", m.time_squeezes, "softirqs",
              "net_rx_action() that ended when napi.budget was used up.");
    out.ratio("core.utilisation", static_cast<double>(m.core_busy.value), static_cast<double>(m.simulated.value), "1",
              "Share of the measured time that the core was not idle.");
    out.count("run.stalled", m.stalled.empty() ? 0 : 1, "1", "1: the run ended because nothing could go on.");
    out.number("simulated_ns", static_cast<double>(m.simulated.value) / 1000, "ns", "Measured time.");
}

}  // namespace

picoseconds percentile(const std::vector<picoseconds>& sorted, double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::max<std::size_t>(rank, 1) - 1];
}

std::vector<statistic> statistics_of(const measurements& measured, const host_spec& spec) {
    statistic_list out;
    add_packets(out, measured);
    add_decisions(out, measured);
    out.under("latency.wire_to_socket.");
    add_latency(out, measured.wire_to_socket, "Latency of delivered packets.");
    out.under("latency.wire_to_application.");
    add_latency(out, measured.wire_to_application, "Latency of packets that were read.");
    out.under("latency.wire_to_wire.");
    add_latency(out, measured.wire_to_wire, "Latency of forwarded packets, to the next wire's queue.");
    add_rates(out, measured);
    add_cost(out, measured, preset_of(spec.cpu).frequency_ghz);
    add_events(out, measured);
    return std::move(out.list);
}

std::vector<statistic> wall_statistics(const measurements& measured, double wall_seconds) {
    statistic_list out("wall.");
    out.number("seconds", wall_seconds, "s", "Time that the simulation took.");
    out.ratio("packets_per_second", static_cast<double>(measured.packets_received), wall_seconds, "packets/s",
              "Packets simulated in a second.");
    return std::move(out.list);
}

const std::vector<std::string>& statistic_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const auto& each : statistics_of({}, {})) all.push_back(each.name);
        for (const auto& each : wall_statistics({}, 0)) all.push_back(each.name);
        return all;
    }();
    return names;
}

}  // namespace rxpath
