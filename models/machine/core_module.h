// One CPU core: its clock and who has it, its softirq, and the chain of stages from the softirq's start to the socket.
#pragma once

#include <systemc>

#include "models/early_demux/early_demux_module.h"
#include "models/ip/ip_deliver_module.h"
#include "models/ip/ip_receive_module.h"
#include "models/ip/network_namespace.h"
#include "models/napi/napi_module.h"
#include "models/routing/routing_cache_module.h"
#include "models/socket/socket_layer_module.h"
#include "models/softirq/kernel_task.h"
#include "models/softirq/window_statistics.h"

namespace rxpath {

// What the cores of a host share.
struct shared_by_cores {
    const kernel_profile& profile;
    memory_hierarchy& memory;
    receive_buffers& buffers;
    network_namespace& net;
    random_source& random;
    skb_pool& skbs;
    packet_outcomes& outcomes;
    window_statistics& statistics;
};

class core_module : public sc_core::sc_module {
public:
    core_module(const sc_core::sc_module_name& name, std::uint32_t number, const host_spec& spec,
                const shared_by_cores& shared);

    core cpu;
    core_work work;
    softirq_run run;
    kernel_task task;
    fast_dispatcher dispatcher;
    napi_module napi;
    ip_receive_module ip_receive;
    early_demux_module early_demux;
    routing_cache_module routing_cache;
    ip_deliver_module ip_deliver;
    socket_layer_module socket_layer;

private:
    void bind();

    stage_channel m_to_napi, m_to_ip_receive, m_to_early_demux, m_to_routing, m_to_ip_deliver, m_to_socket_layer;
};

}  // namespace rxpath
