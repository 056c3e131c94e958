#include "models/softirq/window_statistics.h"

#include <utility>

namespace rxpath {

namespace {

template <class Counters, class Index>
auto& at(Counters& counters, Index index) {
    return counters[static_cast<std::size_t>(index)];
}

}  // namespace

void window_statistics::begin_window(std::uint64_t held, std::uint64_t taken) {
    static_cast<window_totals&>(m_result) = {};
    m_result.held_before = at(m_result.outcomes, packet_outcome::held) = held;
    m_result.warm = true;
    m_result.first_measured = taken + 1;
}

measurements window_statistics::end_window() { return std::exchange(m_result, {}); }

void window_statistics::taken(const packet_taken& packet) {
    const auto& dev = *packet.skb.dev;
    name(dev);
    if (dev.loopback) {
        ++m_result.packets_looped;
    } else {
        ++m_result.packets_received;
        m_result.bits_received += packet.bits;
    }
    count_tcp(packet.skb);
}

void window_statistics::count_tcp(const sk_buff& skb) {
    const auto ip = ipv4_header_view::at(skb.linear_bytes(), 0);
    if (!ip || ip->protocol() != ipproto_tcp) return;
    const auto tcp = tcp_header_view::at(skb.linear_bytes(), ip->ihl() * 4u);
    if (!tcp) return;
    if (tcp->syn() && !tcp->ack()) ++m_result.syns_received;
    if (tcp->fin()) ++m_result.fins_received;
    if (tcp->rst()) ++m_result.resets_received;
}

void window_statistics::passed(const stage_passed& packets) {
    at(m_result.stage_packets, packets.passed) += packets.packets;
}

void window_statistics::charged(const stage_charged& charge) { at(m_result.stages, charge.worked) += charge.done; }

void window_statistics::charged_fixed(const fixed_charged& charge) {
    at(m_result.stages, charge.worked).core_cycles += charge.taken.value;
}

void window_statistics::decided(const packet_decided& packet) {
    const bool was_held = packet.skb == nullptr;
    if (was_held) --at(m_result.outcomes, packet_outcome::held);
    ++at(m_result.outcomes, packet.outcome);
    at(m_result.outcome_bits, packet.outcome) += packet.bits;
    const auto latency = packet.at - packet.arrival;
    if (packet.outcome == packet_outcome::dropped) ++at(m_result.drops, packet.reason);
    if (packet.outcome == packet_outcome::delivered) m_result.wire_to_socket.push_back(latency);
    if (packet.outcome == packet_outcome::forwarded) m_result.wire_to_wire.push_back(latency);
    if (!was_held) count_path(packet);
}

void window_statistics::count_path(const packet_decided& packet) {
    ++at(m_result.early_demux, packet.skb->early_demux);
    ++at(m_result.routed_by, packet.skb->routed_by);
    if (packet.left_by == nullptr) return;
    ++m_result.forwarded_by[{packet.left_by->ifindex, packet.gateway}];
    name(*packet.left_by);
}

void window_statistics::sent(const packet_sent& packet) {
    switch (packet.packet.kind) {
        case sent_kind::syn_ack:
            ++m_result.syn_acks_sent;
            break;
        case sent_kind::ack:
            ++m_result.acks_sent;
            break;
        case sent_kind::reset:
            ++m_result.resets_sent;
            break;
        case sent_kind::icmp_error:
            ++m_result.icmp_errors_sent;
            break;
        default:
            break;
    }
}

void window_statistics::read(const packet_read& packet) {
    m_result.wire_to_application.push_back(packet.at - packet.arrival);
}

void window_statistics::name(const net_device& dev) {
    const auto index = static_cast<std::size_t>(dev.ifindex);
    if (m_result.devices.size() <= index) m_result.devices.resize(index + 1);
    if (m_result.devices[index].empty()) m_result.devices[index] = dev.name;
}

}  // namespace rxpath
