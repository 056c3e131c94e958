#include "models/wire/flow.h"

#include <algorithm>

namespace rxpath {

namespace {

endpoint shifted(endpoint base, std::uint64_t ports) {
    base.port.value = static_cast<std::uint16_t>(base.port.value + ports);
    return base;
}

}  // namespace

std::optional<picoseconds> flow::next_turn() const {
    return enough() && !winding_down() ? std::nullopt : std::optional{m_next};
}

bool flow::enough() const {
    const bool scans_once = m_spec.type == flow_spec::kind::syn_scan && m_spec.packets == 0;
    const auto limit = scans_once ? std::uint64_t{m_spec.ports} * m_spec.connections : m_spec.packets;
    return limit != 0 && m_sent >= limit;
}

void flow::take_turn(picoseconds now, packet_sink& sink) {
    m_next += m_spec.interval;
    if (send_next(now, sink, m_devices[m_turn % m_devices.size()])) {
        ++m_sent;
        ++m_turn;
    }
}

tcp_flow::tcp_flow(const flow_spec& spec, std::vector<std::size_t> devices) : flow(spec, std::move(devices)) {
    for (std::uint32_t i = 0; i < spec.connections; ++i)
        m_peers.emplace_back(shifted(spec.from, i), spec.to, tcp_sequence{1000});
}

bool tcp_flow::winding_down() const {
    return m_spec.close && std::any_of(m_peers.begin(), m_peers.end(),
                                       [](const tcp_peer& peer) { return peer.current() != tcp_peer::state::closed; });
}

bool tcp_flow::send_next(picoseconds now, packet_sink& sink, std::size_t device) {
    auto& peer = m_peers[m_turn++ % m_peers.size()];
    switch (peer.current()) {
        case tcp_peer::state::closed:
            if (!enough()) peer.connect(now, sink, m_devices.front());
            return false;
        case tcp_peer::state::established:
            return send_or_close(peer, now, sink, device);
        case tcp_peer::state::done:
            peer.repeat_fin(sink, device);
            return false;
        default:
            peer.retransmit(now, sink, device);
            return false;
    }
}

bool tcp_flow::send_or_close(tcp_peer& peer, picoseconds now, packet_sink& sink, std::size_t device) {
    const auto limit = m_spec.packets_per_connection;
    const bool connection_done = enough() || (limit != 0 && peer.segments_sent() >= limit);
    if (!connection_done) return peer.send(m_spec.payload, now, sink, device);
    if (!m_spec.server_closes) peer.close(now, sink, device);
    return false;
}

void tcp_flow::hear(const sent_packet& sent, picoseconds now, packet_sink& sink) {
    const auto index = static_cast<std::size_t>(sent.to.port.value) - m_spec.from.port.value;
    const bool mine = sent.to.address == m_spec.from.address && sent.from == m_spec.to && index < m_peers.size();
    if (mine) m_peers[index].hear(sent, now, sink, m_devices.front());
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
