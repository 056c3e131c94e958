// The machine inside a host: every module and channel, bound in packet order. sim/ uses host; replay, which drives the
// machine packet by packet, uses this.
#pragma once

#include <functional>
#include <memory>
#include <systemc>
#include <vector>

#include "models/application/application_module.h"
#include "models/early_demux/early_demux_module.h"
#include "models/ip/ip_deliver_module.h"
#include "models/ip/ip_receive_module.h"
#include "models/ip/network_namespace.h"
#include "models/napi/napi_module.h"
#include "models/nic/nic_module.h"
#include "models/routing/routing_cache_module.h"
#include "models/socket/socket_layer_module.h"
#include "models/wire/traffic_source_module.h"

namespace rxpath {

// One CPU core with its chain of stages, from the softirq's start to the socket.
class core_chain {
public:
    core_chain(const host_spec& spec, const kernel_profile& profile, network_namespace& net, random_source& random,
               measurements& result);

    core cpu;
    softirq_run run;
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

// A NIC with the wire into it and the ring out of it. Its modules are known by its place, "nic0" the first: what people
// call a device is no name for SystemC, and may be that of another module.
struct nic_port {
    nic_port(std::size_t place, const nic_spec& spec);

    wire_channel wire;
    rx_ring ring;
    nic_module nic;
};

class machine {
public:
    // All NICs are plugged in, none has appeared. Throws std::invalid_argument when the profile is refused.
    explicit machine(const host_spec& spec);

    // The loopback device goes up, all NICs appear and go up, then spec.setup runs. Throws std::invalid_argument when a
    // command is refused.
    void set_up();

    // The device of NIC number `nic`; null when it has not appeared.
    net_device* device(std::size_t nic) const { return m_net.devices.by_name(m_spec.nics[nic].name); }
    const kernel_profile& profile() const { return m_profile; }

    network_namespace& net() { return m_net; }
    core_chain& chain() { return m_chain; }
    application_module& application() { return m_application; }
    measurements& result() { return m_result; }
    nic_port& port(std::size_t nic) { return *m_ports[nic]; }
    // What nobody owns, as models/machine/reference_audit.h has it.
    std::vector<std::string> unowned();
    // NIC number `nic` of the spec appears as a network device, down and without addresses.
    net_device& appear(std::size_t nic);

    // An application listens, or binds a UDP socket.
    sock& listen(const listen_spec& listener);
    // connect() of a UDP socket; one that is bound to any address gets the address that routing chooses.
    void connect(udp_sock& sk, endpoint peer);

private:
    const host_spec& m_spec;
    kernel_profile m_profile;
    random_source m_random;
    measurements m_result;
    network_namespace m_net;
    core_chain m_chain;
    application_module m_application;
    std::vector<std::unique_ptr<nic_port>> m_ports;
};

}  // namespace rxpath
