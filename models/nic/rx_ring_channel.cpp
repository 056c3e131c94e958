#include "models/nic/rx_ring_channel.h"

#include <algorithm>

#include "models/softirq/simulated_time.h"

namespace rxpath {

namespace {

constexpr picoseconds next_picosecond{1};

}  // namespace

rx_ring_channel::rx_ring_channel(const char* name, const nic_spec& spec, receive_buffers& buffers)
    : sc_prim_channel(name), m_spec(spec), m_buffers(buffers), m_frames(spec.ring) {}

bool rx_ring_channel::fill(const packet& frame, picoseconds now) {
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

const received_frame* rx_ring_channel::take(picoseconds now) {
    if (!has_frame(now)) return nullptr;
    if (m_last_take != now) m_taken_at_last = 0;
    m_last_take = now;
    ++m_taken_at_last;
    auto& oldest = m_frames[m_oldest];
    oldest.buffer = m_buffers.next();
    if (m_spec.dma) m_buffers.written_by_device(oldest.buffer, static_cast<std::uint32_t>(oldest.frame.length.value));
    m_oldest = (m_oldest + 1) % m_frames.size();
    --m_filled;
    return &oldest;
}

void rx_ring_channel::interrupt_taken(picoseconds now) {
    m_enabled = false;
    m_raised = false;
    m_last_interrupt = now;
    ++m_interrupts;
}

void rx_ring_channel::enable_interrupt(picoseconds now) {
    m_enabled = true;
    if (m_filled > 0) raise(now);
}

// Not before the oldest frame is visible, nor sooner after the last interrupt than moderation allows.
void rx_ring_channel::raise(picoseconds now) {
    if (!m_enabled || m_raised) return;
    m_raised = true;
    auto at = std::max(now, m_frames[m_oldest].visible) + std::max(m_spec.interrupt_latency, next_picosecond);
    if (m_interrupted_before) at = std::max(at, m_last_interrupt + m_spec.interrupt_moderation);
    m_interrupted_before = true;
    m_interrupt.notify(to_sc_time(at - now));
}

}  // namespace rxpath
