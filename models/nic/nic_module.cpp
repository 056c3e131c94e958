#include "models/nic/nic_module.h"

#include "models/softirq/simulated_time.h"

namespace rxpath {

nic_module::nic_module(const sc_core::sc_module_name& name, const nic_spec& spec, receive_buffers& buffers)
    : sc_module(name), m_spec(spec), m_ring("ring", spec, buffers) {
    SC_HAS_PROCESS(nic_module);
    SC_METHOD(receive_from_wire);
    sensitive << wire;
    dont_initialize();
}

void nic_module::receive_from_wire() {
    m_frame = wire->receive(simulated_now());
    m_frame.csum_verified_by_nic = m_frame.csum_verified_by_nic && m_spec.checksum_offload;
    receive(m_frame);
}

void nic_module::receive(const packet& frame) { m_ring.fill(frame, simulated_now()); }

}  // namespace rxpath
