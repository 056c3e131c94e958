// The wire into a NIC: frames one after the other at the link's rate, with Ethernet's overhead (frame_time.h). The
// sender queues what comes meanwhile, and loses what finds the queue full.
#pragma once

#include <systemc>
#include <vector>

#include "models/base/sk_buff.h"
#include "models/base/units.h"

namespace rxpath {

// The sender's end.
class frame_send_if : public virtual sc_core::sc_interface {
public:
    // The sender hands a frame to the link at `now`; it arrives when its last bit has passed, behind the frames before
    // it. A full queue loses it.
    virtual void send(const packet& frame, picoseconds now) = 0;
};

// The receiver's end; its default event is an arrival.
class frame_receive_if : public virtual sc_core::sc_interface {
public:
    // The frame that arrives now; the receiver calls it once for each arrival.
    virtual const packet& receive(picoseconds now) = 0;
};

class wire_channel : public sc_core::sc_prim_channel, public frame_send_if, public frame_receive_if {
public:
    // `queue`: frames that wait at the sender for the one under way.
    wire_channel(const char* name, std::uint64_t bits_per_second, std::size_t queue);

    void send(const packet& frame, picoseconds now) override;
    const packet& receive(picoseconds now) override;
    // Frames that have not arrived yet, those that wait at the sender included.
    std::size_t under_way() const { return m_under_way; }
    std::uint64_t bits_per_second() const { return m_bits_per_second; }

    // Since the beginning: frames that the sender had, their bits, frames that its queue lost.
    std::uint64_t offered() const { return m_offered; }
    std::uint64_t bits_offered() const { return m_bits_offered; }
    std::uint64_t queue_overflows() const { return m_queue_overflows; }
    const sc_core::sc_event& default_event() const override { return m_arrival; }

private:
    struct frame_under_way {
        packet frame;
        picoseconds arrival;
    };

    void grow();

    std::uint64_t m_bits_per_second;
    std::size_t m_queue;
    std::uint64_t m_offered = 0, m_bits_offered = 0, m_queue_overflows = 0;
    picoseconds m_free_at{};                // the link has passed all earlier frames
    std::vector<frame_under_way> m_frames;  // circular
    std::size_t m_first = 0, m_under_way = 0;
    sc_core::sc_event m_arrival;
};

}  // namespace rxpath
