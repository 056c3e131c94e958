#include "models/wire/flow.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr std::uint32_t most_refusals = 6;  // as often as a SYN without an answer is sent again

endpoint shifted(endpoint base, std::uint64_t ports) {
    base.port.value = static_cast<std::uint16_t>(base.port.value + ports);
    return base;
}

}  // namespace

std::optional<picoseconds> flow::next_turn() const {
    if (!waits()) return std::nullopt;
    const auto next = next_sending_turn();
    return next ? std::optional{time_of(*next)} : std::nullopt;
}

std::uint64_t flow::limit() const {
    const bool scans_once = m_spec.type == flow_spec::kind::syn_scan && m_spec.packets == 0;
    return scans_once ? std::uint64_t{m_spec.ports} * m_spec.connections : m_spec.packets;
}

std::optional<unfinished_traffic> flow::unfinished() const {
    if (limit() == 0) return std::nullopt;
    const unfinished_traffic left{limit() - std::min(m_sent, limit()), enough() ? winding_down() : 0};
    return left.packets + left.connections == 0 ? std::nullopt : std::optional{left};
}

std::uint64_t flow::turn_from(picoseconds time) const {
    if (time <= m_spec.start) return m_turn;
    const auto passed = time - m_spec.start;
    return std::max(m_turn, (passed.value + m_spec.interval.value - 1) / m_spec.interval.value);
}

void flow::take_turn(picoseconds now, packet_sink& sink) {
    m_turn = next_sending_turn().value_or(m_turn) + 1;
    if (send_next(now, sink, m_devices[m_sent % m_devices.size()])) ++m_sent;
    turn_taken();
}

tcp_flow::tcp_flow(const flow_spec& spec, std::vector<std::size_t> devices) : flow(spec, std::move(devices)) {
    for (std::uint32_t i = 0; i < spec.connections; ++i)
        m_peers.emplace_back(shifted(spec.from, i), spec.to, tcp_sequence{1000});
}

std::uint64_t tcp_flow::winding_down() const {
    if (!m_spec.close) return 0;
    return static_cast<std::uint64_t>(std::count_if(m_peers.begin(), m_peers.end(), [](const tcp_peer& peer) {
        return peer.current() != tcp_peer::state::closed;
    }));
}

bool tcp_flow::has_sent_all(const tcp_peer& peer) const {
    const auto limit = m_spec.packets_per_connection;
    return enough() || (limit != 0 && peer.segments_sent() >= limit);
}

std::optional<picoseconds> tcp_flow::ready_at(const tcp_peer& peer) const {
    const bool open = peer.current() == tcp_peer::state::established;
    if (peer.current() == tcp_peer::state::closed && enough()) return std::nullopt;
    if (open && has_sent_all(peer) && !m_spec.server_closes) return picoseconds{};
    return peer.ready_at(open && !has_sent_all(peer) ? std::optional{m_spec.payload} : std::nullopt);
}

std::optional<std::uint64_t> tcp_flow::sending_turn(std::size_t peer, std::uint64_t from) const {
    const auto ready = ready_at(m_peers[peer]);
    if (!ready) return std::nullopt;
    const auto first = std::max(from, turn_from(*ready)), peers = std::uint64_t{m_peers.size()};
    return first + (peer + peers - first % peers) % peers;
}

// A peer that is ready at once ends the search: it comes before all that follow it.
std::optional<std::uint64_t> tcp_flow::find_sending_turn(std::uint64_t from) const {
    std::optional<std::uint64_t> found;
    for (std::uint64_t turn = from; turn < from + m_peers.size() && (!found || turn < *found); ++turn) {
        const auto next = sending_turn(turn % m_peers.size(), from);
        if (next && (!found || *next < *found)) found = next;
    }
    return found;
}

bool tcp_flow::send_next(picoseconds now, packet_sink& sink, std::size_t device) {
    auto& peer = m_peers[(turn() - 1) % m_peers.size()];
    switch (peer.current()) {
        case tcp_peer::state::closed:
            if (!enough()) peer.connect(now, sink, m_devices.front());
            return false;
        case tcp_peer::state::established:
            if (!has_sent_all(peer)) return peer.send(m_spec.payload, now, sink, device);
            if (!m_spec.server_closes) return peer.close(now, sink, device), false;
            return peer.retransmit(now, sink, device), false;
        case tcp_peer::state::done:
            return peer.repeat_fin(sink, device), false;
        default:
            return peer.retransmit(now, sink, device), false;
    }
}

void tcp_flow::hear(const sent_packet& sent, picoseconds now, packet_sink& sink) {
    const auto index = static_cast<std::size_t>(sent.to.port.value) - m_spec.from.port.value;
    const bool mine = sent.to.address == m_spec.from.address && sent.from == m_spec.to && index < m_peers.size();
    if (!mine) return;
    auto& peer = m_peers[index];
    peer.hear(sent, now, sink, m_devices.front());
    if (m_spec.packets != 0 && peer.refusals() > most_refusals) peer.give_up();
    const auto from = turn_from(now);
    const auto next = sending_turn(index, from);
    if (m_next_sending_turn && *m_next_sending_turn % m_peers.size() == index)
        m_next_sending_turn = find_sending_turn(from);
    else if (next && (!m_next_sending_turn || *next < *m_next_sending_turn))
        m_next_sending_turn = next;
}

bool stateless_flow::send_next(picoseconds /*now*/, packet_sink& sink, std::size_t device) {
    const auto from = shifted(m_spec.from, m_count % m_spec.connections);
    auto to = m_spec.to;
    to.address.value += static_cast<std::uint32_t>(m_count % m_spec.destinations) * m_spec.destination_stride;
    const auto id = static_cast<std::uint16_t>(m_count);
    if (m_spec.type == flow_spec::kind::udp) {
        build_udp(m_frame, from, to, m_spec.payload, id);
    } else {
        tcp_segment segment;
        segment.from = from;
        segment.to = shifted(to, m_count % m_spec.ports);
        segment.seq = {1000};
        const bool scan = m_spec.type == flow_spec::kind::syn_scan;
        segment.flags = scan ? tcphdr_syn : tcphdr_ack | tcphdr_psh;
        segment.payload = scan ? byte_count{} : m_spec.payload;
        build_tcp(m_frame, segment, id);
    }
    sink.emit(m_frame, device);
    ++m_count;
    return true;
}

}  // namespace rxpath
