#include "models/softirq/packet_outcomes.h"

namespace rxpath {

namespace {

// Of a packet that waited.
packet_outcomes::decision decision_of(drop_reason settled, picoseconds at) {
    if (settled == drop_reason::NOT_DROPPED_YET) return {packet_outcome::delivered, settled, at};
    if (settled == drop_reason::CONSUMED) return {packet_outcome::consumed, drop_reason::NOT_DROPPED_YET, at};
    return {packet_outcome::dropped, settled, at};
}

template <class Counters, class Index>
auto& at(Counters& counters, Index index) {
    return counters[static_cast<std::size_t>(index)];
}

}  // namespace

void packet_outcomes::begin_run(std::uint64_t first) {
    m_first = first;
    m_run.clear();
}

void packet_outcomes::taken(const sk_buff& skb, std::uint64_t bits) {
    auto& packet = m_run.emplace_back();
    packet.arrival = skb.arrival;
    packet.bits = bits;
    if (skb.dev->loopback) {
        ++m_result.packets_looped;
    } else {
        ++m_result.packets_received;
        m_result.bits_received += bits;
    }
}

packet_outcomes::packet_account* packet_outcomes::of(std::uint64_t number) {
    return number >= m_first && number - m_first < m_run.size() ? &m_run[number - m_first] : nullptr;
}

void packet_outcomes::handed_on(std::uint64_t number, picoseconds when) {
    if (auto* packet = of(number)) packet->handed_on = when;
}

std::optional<packet_outcomes::decision> packet_outcomes::drop(const settled_packet& dropped, picoseconds when) {
    auto* packet = of(dropped.number);
    if (packet == nullptr) return settle(dropped, when);
    packet->dropped = dropped.reason;
    return std::nullopt;
}

std::optional<packet_outcomes::decision> packet_outcomes::settle(const settled_packet& settled, picoseconds when) {
    if (auto* packet = of(settled.number)) {
        packet->settled = settled.reason;
        packet->handed_on = when;
        return std::nullopt;
    }
    const auto held = m_held.find(settled.number);
    if (held == m_held.end()) return std::nullopt;
    const auto decided = decision_of(settled.reason, when);
    --at(m_result.outcomes, packet_outcome::held);
    count(decided, held->second);
    m_held.erase(held);
    return decided;
}

packet_outcomes::decision packet_outcomes::decide(const sk_buff& skb, const packet_account& packet) {
    const auto at = packet.handed_on;
    if (packet.dropped != drop_reason::NOT_DROPPED_YET) return {packet_outcome::dropped, packet.dropped, at};
    if (skb.held && packet.settled) return decision_of(*packet.settled, at);
    const auto outcome = skb.held        ? packet_outcome::held
                         : skb.queued    ? packet_outcome::delivered
                         : skb.forwarded ? packet_outcome::forwarded
                                         : packet_outcome::consumed;
    return {outcome, drop_reason::NOT_DROPPED_YET, at};
}

packet_outcomes::decision packet_outcomes::finish(const sk_buff& skb) {
    const auto& packet = *of(skb.number);
    const auto decided = decide(skb, packet);
    count(decided, packet);
    if (decided.outcome == packet_outcome::held) m_held.emplace(skb.number, packet);
    return decided;
}

void packet_outcomes::count(const decision& decided, const packet_account& packet) {
    ++at(m_result.outcomes, decided.outcome);
    at(m_result.outcome_bits, decided.outcome) += packet.bits;
    const auto latency = decided.at - packet.arrival;
    if (decided.outcome == packet_outcome::dropped) ++at(m_result.drops, decided.reason);
    if (decided.outcome == packet_outcome::delivered) m_result.wire_to_socket.push_back(latency);
    if (decided.outcome == packet_outcome::forwarded) m_result.wire_to_wire.push_back(latency);
}

void packet_outcomes::begin_window() {
    m_result = {};
    m_result.held_before = at(m_result.outcomes, packet_outcome::held) = m_held.size();
}

}  // namespace rxpath
