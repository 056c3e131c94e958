#include "models/softirq/packet_outcomes.h"

namespace rxpath {

void packet_outcomes::handed_on(std::uint64_t number, picoseconds at) {
    if (auto* packet = m_at_work.find(number)) packet->handed_on = at;
}

std::optional<packet_outcomes::decision> packet_outcomes::drop(const settled_packet& dropped, picoseconds at) {
    auto* packet = m_at_work.find(dropped.number);
    if (packet == nullptr) return settle(dropped, at);
    packet->dropped = dropped.reason;
    return std::nullopt;
}

std::optional<packet_outcomes::decision> packet_outcomes::settle(const settled_packet& settled, picoseconds at) {
    if (auto* packet = m_at_work.find(settled.number)) {
        packet->settled = settled.reason;
        packet->handed_on = at;
        return std::nullopt;
    }
    const auto held = m_held.find(settled.number);
    if (held == m_held.end()) return std::nullopt;
    const auto decided = decision_of(settled.reason, at, held->second);
    m_held.erase(held);
    return decided;
}

// Of a packet that waited.
packet_outcomes::decision packet_outcomes::decision_of(drop_reason settled, picoseconds at,
                                                       const packet_account& packet) {
    decision decided{packet_outcome::dropped, settled, at, packet.arrival, packet.bits};
    if (settled != drop_reason::NOT_DROPPED_YET && settled != drop_reason::CONSUMED) return decided;
    const bool readable = settled == drop_reason::NOT_DROPPED_YET;
    decided.outcome = readable ? packet_outcome::delivered : packet_outcome::consumed;
    decided.reason = drop_reason::NOT_DROPPED_YET;
    return decided;
}

packet_outcomes::decision packet_outcomes::decide(const sk_buff& skb, const packet_account& packet) {
    const auto at = packet.handed_on;
    if (packet.dropped != drop_reason::NOT_DROPPED_YET)
        return {packet_outcome::dropped, packet.dropped, at, packet.arrival, packet.bits};
    if (skb.held && packet.settled) return decision_of(*packet.settled, at, packet);
    const auto outcome = skb.held        ? packet_outcome::held
                         : skb.queued    ? packet_outcome::delivered
                         : skb.forwarded ? packet_outcome::forwarded
                                         : packet_outcome::consumed;
    return {outcome, drop_reason::NOT_DROPPED_YET, at, packet.arrival, packet.bits};
}

packet_outcomes::decision packet_outcomes::finish(const sk_buff& skb) {
    const auto packet = *m_at_work.find(skb.number);
    m_at_work.close(skb.number);
    const auto decided = decide(skb, packet);
    if (decided.outcome == packet_outcome::held) m_held.emplace(skb.number, packet);
    return decided;
}

}  // namespace rxpath
