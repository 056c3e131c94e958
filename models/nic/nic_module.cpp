#include "models/nic/nic_module.h"

#include "models/softirq/simulated_time.h"

namespace rxpath {

nic_module::nic_module(const sc_core::sc_module_name& name, const nic_spec& spec)
    : sc_module(name), ring("ring", spec), m_spec(spec) {
    SC_HAS_PROCESS(nic_module);
    SC_METHOD(receive_frame);
    sensitive << wire;
    dont_initialize();
}

void nic_module::receive_frame() {
    m_frame = wire->receive(simulated_now());
    m_frame.csum_verified_by_nic = m_frame.csum_verified_by_nic && m_spec.checksum_offload;
    m_frame.written_by_device = m_spec.dma;
    ring.fill(m_frame, simulated_now());  // or it is lost
}

}  // namespace rxpath
