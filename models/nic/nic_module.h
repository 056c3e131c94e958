// The NIC: takes frames off the wire, writes them to the ring by DMA, raises the interrupt (see rx_ring).
// Left out: several queues, frames for other addresses that a real NIC would filter, checksum errors in hardware.
#pragma once

#include <systemc>

#include "models/base/host_spec.h"
#include "models/nic/rx_ring.h"
#include "models/wire/wire_channel.h"

namespace rxpath {

class nic_module : public sc_core::sc_module {
public:
    nic_module(const sc_core::sc_module_name& name, const nic_spec& spec, wire_channel& wire, rx_ring& ring);

private:
    void receive_frame();

    const nic_spec& m_spec;
    wire_channel& m_wire;
    rx_ring& m_ring;
    packet m_frame;
};

}  // namespace rxpath
