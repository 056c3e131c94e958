#include "models/softirq/call_owners.h"

#include <algorithm>
#include <numeric>

namespace rxpath {

void call_owners::begin(const packet_numbers& packets, const packet_numbers& sk_buffs) {
    m_packets = packets.size();
    m_groups.resize(m_packets + 1);
    for (std::size_t i = 0; i < m_packets; ++i) m_groups[i].assign(1, static_cast<std::uint32_t>(i));
    for (std::size_t i = 0; i < sk_buffs.size(); ++i)
        if (sk_buffs[i] != packets[i])
            m_groups[place_of(sk_buffs[i], packets).value()].push_back(static_cast<std::uint32_t>(i));
    m_groups[m_packets].resize(m_packets);
    std::iota(m_groups[m_packets].begin(), m_groups[m_packets].end(), 0u);
}

void call_owners::find(const call_trace& trace, const packet_numbers& packets, const packet_numbers& sk_buffs) {
    static const packet_numbers nobody;
    const auto& named = sk_buffs.empty() ? nobody : packets;
    begin(packets, sk_buffs);
    const auto& calls = trace.calls();
    m_group_of.assign(calls.size(), unknown);
    m_waiting.clear();
    // Callees follow their caller and are deeper: from the end on, each depth's packets wait for the call above it.
    for (std::size_t i = calls.size(); i-- > 0;) look_below(calls[i], named, m_group_of[i]);
    ask_callers(trace);
}

void call_owners::look_below(const traced_call& call, const packet_numbers& named, std::size_t& group) {
    const std::size_t depth = call.depth;
    if (m_waiting.size() < depth + 2) m_waiting.resize(depth + 2);
    auto below = std::move(m_waiting[depth + 1]);
    m_waiting[depth + 1].clear();
    std::sort(below.begin(), below.end());
    below.erase(std::unique(below.begin(), below.end()), below.end());
    auto& waiting = m_waiting[depth];
    waiting.insert(waiting.end(), below.begin(), below.end());
    if (const auto place = place_of(call.packet, named)) {
        group = *place;
        waiting.insert(waiting.end(), m_groups[group].begin(), m_groups[group].end());
    } else if (below.size() == 1) {
        group = below.front();
    } else if (!below.empty()) {
        group = m_groups.size();
        m_groups.push_back(std::move(below));
    }
}

void call_owners::ask_callers(const call_trace& trace) {
    std::vector<std::size_t> group_at;  // by depth: of the last call there
    for (std::size_t i = 0; i < m_group_of.size(); ++i) {
        const std::size_t depth = trace.calls()[i].depth;
        if (m_group_of[i] == unknown) m_group_of[i] = depth == 0 ? m_packets : group_at[depth - 1];
        group_at.resize(depth + 1);
        group_at[depth] = m_group_of[i];
    }
}

}  // namespace rxpath
