#include "models/wire/traffic_source_module.h"

#include <algorithm>

#include "models/softirq/simulated_time.h"

namespace rxpath {

traffic_source_module::traffic_source_module(const sc_core::sc_module_name& name, std::uint64_t packets,
                                             const wire_spec& wire)
    : sc_module(name), m_peer_latency(std::max(wire.peer_latency, picoseconds{1})), m_packets(packets) {
    SC_HAS_PROCESS(traffic_source_module);
    SC_METHOD(take_turns);
    sensitive << m_turn;
}

void traffic_source_module::emit(const packet& frame, std::size_t device) {
    if (enough()) return;
    wires[static_cast<int>(device)]->send(frame, simulated_now());
    ++m_emitted;
}

void traffic_source_module::sent(const packet_sent& packet) {
    m_heard.push_back({packet.at + m_peer_latency, packet.packet});
    if (!enough()) m_turn.notify(to_sc_time(m_heard.front().at - simulated_now()));
}

void traffic_source_module::hear_due(picoseconds now) {
    for (; !m_heard.empty() && m_heard.front().at <= now; m_heard.pop_front())
        for (const auto& source : m_traffic) source->hear(m_heard.front().sent, now, *this);
}

void traffic_source_module::take_turns() {
    const auto now = simulated_now();
    hear_due(now);
    for (const auto& source : m_traffic)
        for (auto turn = source->next_turn(); turn && *turn <= now; turn = source->next_turn())
            source->take_turn(now, *this);
    schedule(now);
}

void traffic_source_module::schedule(picoseconds now) {
    std::optional<picoseconds> next;
    const auto consider = [&next](picoseconds at) { next = next ? std::min(*next, at) : at; };
    for (const auto& source : m_traffic)
        if (const auto turn = source->next_turn()) consider(*turn);
    if (!m_heard.empty()) consider(m_heard.front().at);
    const auto waits = [](const auto& source) { return source->waits(); };
    m_over = enough() || (!next && std::none_of(m_traffic.begin(), m_traffic.end(), waits));
    if (enough() || !next) return;
    m_turn.notify(to_sc_time(std::max(*next, now) - now));
}

}  // namespace rxpath
