#include "models/wire/wire_channel.h"

#include <algorithm>
#include <utility>

#include "models/softirq/simulated_time.h"
#include "models/wire/frame_time.h"

namespace rxpath {

wire_channel::wire_channel(const char* name, std::uint64_t bits_per_second, std::size_t queue)
    : sc_prim_channel(name), m_bits_per_second(bits_per_second), m_queue(queue), m_frames(64) {}

void wire_channel::send(const packet& frame, picoseconds now) {
    ++m_offered;
    m_bits_offered += frame_bits(frame.length);
    // One that arrives in this very picosecond has left, whether its NIC has taken it yet or not.
    const bool oldest_has_left = m_under_way > 0 && m_frames[m_first].arrival <= now;
    if (m_under_way > m_queue + (oldest_has_left ? 1 : 0)) {
        ++m_queue_overflows;
        return;
    }
    if (m_under_way == m_frames.size()) grow();
    m_free_at = std::max(m_free_at, now) + frame_time(frame.length, m_bits_per_second);
    auto& slot = m_frames[(m_first + m_under_way) % m_frames.size()];
    slot.frame = frame;  // keeps the slot's allocation
    slot.arrival = m_free_at;
    if (m_under_way++ == 0) m_arrival.notify(to_sc_time(m_free_at - now));
}

const packet& wire_channel::receive(picoseconds now) {
    const auto& frame = m_frames[m_first].frame;
    m_first = (m_first + 1) % m_frames.size();
    if (--m_under_way > 0) m_arrival.notify(to_sc_time(m_frames[m_first].arrival - now));
    return frame;
}

void wire_channel::grow() {
    std::rotate(m_frames.begin(), m_frames.begin() + static_cast<std::ptrdiff_t>(m_first), m_frames.end());
    m_first = 0;
    m_frames.resize(2 * m_frames.size());
}

}  // namespace rxpath
