#include "models/nic/rx_ring.h"

#include <algorithm>

namespace rxpath {

namespace {

constexpr picoseconds next_picosecond{1};

}  // namespace

rx_ring::rx_ring(const char* name, const nic_spec& spec) : sc_object(name), m_spec(spec), m_frames(spec.ring) {}

bool rx_ring::fill(const packet& frame, picoseconds now) {
    if (in_use(now) >= m_frames.size()) {
        ++m_overflows;
        return false;
    }
    auto& descriptor = m_frames[(m_oldest + m_filled) % m_frames.size()];
    descriptor.frame = frame;  // keeps the descriptor's allocation
    descriptor.arrival = now;
    descriptor.visible = now + std::max(m_spec.dma_latency, next_picosecond);
    ++m_filled;
    raise(now);
    return true;
}

const received_frame* rx_ring::take(picoseconds now) {
    if (!has_frame(now)) return nullptr;
    if (m_last_take != now) m_taken_at_last = 0;
    m_last_take = now;
    ++m_taken_at_last;
    const auto& frame = m_frames[m_oldest];
    m_oldest = (m_oldest + 1) % m_frames.size();
    --m_filled;
    return &frame;
}

void rx_ring::disable_interrupt() {
    m_enabled = false;
    m_raised = false;
}

void rx_ring::enable_interrupt(picoseconds now) {
    m_enabled = true;
    if (m_filled > 0) raise(now);
}

// Not before the oldest frame is visible, nor sooner after the last interrupt than moderation allows.
void rx_ring::raise(picoseconds now) {
    if (!m_enabled || m_raised) return;
    m_raised = true;
    auto at = std::max(now, m_frames[m_oldest].visible) + std::max(m_spec.interrupt_latency, next_picosecond);
    if (m_interrupted_before) at = std::max(at, m_last_interrupt + m_spec.interrupt_moderation);
    m_interrupted_before = true;
    m_interrupt.notify(sc_core::sc_time::from_value((at - now).value));
}

}  // namespace rxpath
