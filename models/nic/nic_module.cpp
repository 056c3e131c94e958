#include "models/nic/nic_module.h"

namespace rxpath {

nic_module::nic_module(const sc_core::sc_module_name& name, const nic_spec& spec, wire_channel& wire, rx_ring& ring)
    : sc_module(name), m_spec(spec), m_wire(wire), m_ring(ring) {
    SC_HAS_PROCESS(nic_module);
    SC_METHOD(receive_frame);
    sensitive << m_wire.default_event();
    dont_initialize();
}

void nic_module::receive_frame() {
    const picoseconds now{sc_core::sc_time_stamp().value()};
    m_frame = m_wire.receive(now);
    m_frame.csum_verified_by_nic = m_frame.csum_verified_by_nic && m_spec.checksum_offload;
    m_frame.written_by_device = m_spec.dma;
    m_ring.fill(m_frame, now);  // or it is lost
}

}  // namespace rxpath
