// The NIC's receive ring as driver and hardware share it: descriptors filled by DMA, and the interrupt line.
//
// NIC and core do not see what the other does in the same picosecond, so that the order of their events never matters:
// a frame is visible a picosecond after it arrived at the soonest, its interrupt comes another picosecond later, and a
// descriptor that the core takes is free from the next picosecond on (docs/decisions/0009-events-of-one-picosecond.md).
// For the same reason the caches have a frame that the NIC has written when the driver takes it, not sooner.
#pragma once

#include <systemc>
#include <vector>

#include "models/base/host_spec.h"
#include "models/base/sk_buff.h"
#include "models/softirq/receive_buffers.h"

namespace rxpath {

struct received_frame {
    packet frame;
    picoseconds arrival;  // last bit on the wire
    picoseconds visible;  // DMA done: the driver can see it; after `arrival`
    std::uint32_t buffer = 0;
};

// The NIC's side.
class ring_fill_if : public virtual sc_core::sc_interface {
public:
    // The NIC has received a frame at `now`. False when there is no free descriptor: the frame is lost.
    virtual bool fill(const packet& frame, picoseconds now) = 0;
};

// The driver's side; its default event is the interrupt.
class ring_poll_if : public virtual sc_core::sc_interface {
public:
    // The oldest frame that is visible at `now`; null when there is none. It stays valid until the next fill().
    virtual const received_frame* take(picoseconds now) = 0;
    // take() would find a frame.
    virtual bool has_frame(picoseconds now) const = 0;
    // The driver takes the interrupt, and masks it while it polls.
    virtual void interrupt_taken(picoseconds now) = 0;
    // A ring that is not empty raises it again.
    virtual void enable_interrupt(picoseconds now) = 0;
};

class rx_ring_channel : public sc_core::sc_prim_channel, public ring_fill_if, public ring_poll_if {
public:
    // `buffers` are the host's.
    rx_ring_channel(const char* name, const nic_spec& spec, receive_buffers& buffers);

    bool fill(const packet& frame, picoseconds now) override;
    const received_frame* take(picoseconds now) override;
    bool has_frame(picoseconds now) const override { return m_filled > 0 && m_frames[m_oldest].visible <= now; }
    void interrupt_taken(picoseconds now) override;
    void enable_interrupt(picoseconds now) override;
    const sc_core::sc_event& default_event() const override { return m_interrupt; }

    std::size_t filled() const { return m_filled; }
    bool empty() const { return m_filled == 0; }

    // Since the beginning: frames that found no free descriptor, interrupts taken.
    std::uint64_t overflows() const { return m_overflows; }
    std::uint64_t interrupts() const { return m_interrupts; }

private:
    void raise(picoseconds now);
    // Descriptors that the NIC cannot fill: with a frame, or taken in this very picosecond.
    std::size_t in_use(picoseconds now) const { return m_filled + (m_last_take == now ? m_taken_at_last : 0); }

    const nic_spec& m_spec;
    receive_buffers& m_buffers;
    std::vector<received_frame> m_frames;  // circular
    std::size_t m_oldest = 0, m_filled = 0;
    picoseconds m_last_take{};
    std::size_t m_taken_at_last = 0;  // frames, at m_last_take
    bool m_enabled = true, m_raised = false;
    picoseconds m_last_interrupt{};
    bool m_interrupted_before = false;
    std::uint64_t m_overflows = 0, m_interrupts = 0;
    sc_core::sc_event m_interrupt;
};

}  // namespace rxpath
