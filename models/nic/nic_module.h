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

    nic_module(const sc_core::sc_module_name& name, const nic_spec& spec);

    rx_ring_channel ring;

private:
    void receive_frame();

    const nic_spec& m_spec;
    packet m_frame;
};

}  // namespace rxpath
