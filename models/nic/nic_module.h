// The NIC: takes frames off the wire, writes them to the ring by DMA, raises the interrupt (see rx_ring_channel).
// Left out: several queues, frames for other addresses that a real NIC would filter, checksum errors in hardware.
#pragma once

#include <systemc>

#include "models/base/host_spec.h"
#include "models/nic/rx_ring_channel.h"
#include "models/wire/wire_channel.h"

namespace rxpath {

class nic_module : public sc_core::sc_module {
public:
    sc_core::sc_port<frame_receive_if> wire{"wire"};

    // `buffers` are the host's.
    nic_module(const sc_core::sc_module_name& name, const nic_spec& spec, receive_buffers& buffers);

    // The frame is in a ring, or lost when that is full.
    void receive(const packet& frame);
    rx_ring_channel& ring() { return m_ring; }
    // Frames in its rings.
    std::size_t filled() const { return m_ring.filled(); }
    // Since the beginning: frames that found no free descriptor, interrupts taken.
    std::uint64_t overflows() const { return m_ring.overflows(); }
    std::uint64_t interrupts() const { return m_ring.interrupts(); }

private:
    void receive_from_wire();

    const nic_spec& m_spec;
    rx_ring_channel m_ring;
    packet m_frame;
};

}  // namespace rxpath
