#include "models/machine/core_module.h"

namespace rxpath {

core_module::core_module(const sc_core::sc_module_name& name, std::uint32_t number, const host_spec& spec,
                         const shared_by_cores& shared)
    : sc_module(name),
      cpu("cpu", spec.cpu),
      work(spec, trace_meter{shared.profile, spec.cpu, shared.memory, number}, cpu, shared.random, shared.outcomes,
           shared.statistics.result().functions),
      run(spec, work, shared.skbs, shared.outcomes),
      task(spec, work),
      napi("napi", run, spec, dispatcher, shared.buffers),
      ip_receive("ip_receive", run, shared.net),
      early_demux("early_demux", run, shared.net),
      routing_cache("routing_cache", run, shared.net),
      ip_deliver("ip_deliver", run, shared.net),
      socket_layer("socket_layer", run, shared.net),
      m_to_napi("to_napi", cpu, dispatcher, spec.timing),
      m_to_ip_receive("to_ip_receive", cpu, dispatcher, spec.timing),
      m_to_early_demux("to_early_demux", cpu, dispatcher, spec.timing),
      m_to_routing("to_routing", cpu, dispatcher, spec.timing),
      m_to_ip_deliver("to_ip_deliver", cpu, dispatcher, spec.timing),
      m_to_socket_layer("to_socket_layer", cpu, dispatcher, spec.timing) {
    bind();
}

// In packet order. ip_receive gets a packet back after routing and after delivery, napi a list that is done.
void core_module::bind() {
    napi.to_ip_receive(m_to_ip_receive);
    ip_receive.in(m_to_ip_receive);
    ip_receive.to_early_demux(m_to_early_demux);
    early_demux.in(m_to_early_demux);
    early_demux.to_routing(m_to_routing);
    routing_cache.in(m_to_routing);
    routing_cache.to_ip_receive(m_to_ip_receive);
    ip_receive.to_ip_deliver(m_to_ip_deliver);
    ip_deliver.in(m_to_ip_deliver);
    ip_deliver.to_socket_layer(m_to_socket_layer);
    socket_layer.in(m_to_socket_layer);
    socket_layer.to_ip_deliver(m_to_ip_deliver);
    ip_deliver.to_ip_receive(m_to_ip_receive);
    ip_receive.to_napi(m_to_napi);
    napi.in(m_to_napi);
}

}  // namespace rxpath
