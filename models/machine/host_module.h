// The host: its NICs, its core, its applications and what they share, bound in packet order. host.h simulates a
// scenario with it; replay drives it packet by packet.
#pragma once

#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "models/application/application_module.h"
#include "models/machine/core_module.h"
#include "models/nic/nic_module.h"
#include "models/softirq/fate_ledger.h"
#include "models/softirq/packet_accounts.h"

namespace rxpath {

class host_module : public sc_core::sc_module {
public:
    // All NICs are plugged in, none has appeared. Throws std::invalid_argument when the profile is refused.
    host_module(const sc_core::sc_module_name& name, const host_spec& spec);

    // The loopback device goes up, all NICs appear and go up, then spec.setup runs. Throws std::invalid_argument when a
    // command is refused.
    void set_up();

    // Tells the observer what the host's cores do, after those who came before it.
    void observe(run_observer& observer) { m_core.work.observers().add(observer); }

    // The device of NIC number `nic`; null when it has not appeared.
    net_device* device(std::size_t nic) const { return m_net.devices.by_name(m_spec.nics[nic].name); }
    const kernel_profile& profile() const { return m_profile; }

    network_namespace& net() { return m_net; }
    core_module& core() { return m_core; }
    application_module& application() { return m_application; }
    const skb_pool& skbs() const { return m_skbs; }
    const measurements& counted() { return m_statistics.result(); }
    // By its place, as host_spec::nics has them.
    nic_module& nic(std::size_t place) { return *m_nics[place]; }
    wire_channel& wire(std::size_t place) { return *m_wires[place]; }

    // The warm-up is over: what was counted is forgotten. Between two runs of the softirq.
    void measure_from_now() { m_statistics.begin_window(m_outcomes.held(), m_skbs.taken()); }
    // Gives away what was counted; what follows counts no more. Between two runs, too.
    measurements end_measuring();

    // What nobody owns, as models/machine/reference_audit.h has it.
    std::vector<std::string> unowned();
    // NIC number `nic` of the spec appears as a network device, down and without addresses.
    net_device& appear(std::size_t nic);

    // An application listens, or binds a UDP socket.
    sock& listen(const listen_spec& listener);
    // connect() of a UDP socket; one that is bound to any address gets the address that routing chooses.
    void connect(udp_sock& sk, endpoint peer);

private:
    void plug_in(const nic_spec& spec);

    const host_spec& m_spec;
    kernel_profile m_profile;
    random_source m_random;
    memory_hierarchy m_memory;
    receive_buffers m_buffers;
    network_namespace m_net;
    skb_pool m_skbs;
    packet_outcomes m_outcomes;
    window_statistics m_statistics;
    packet_accounts m_accounts;
    std::unique_ptr<fate_ledger> m_fates;  // when host_spec::keep_fates
    core_module m_core;
    application_module m_application;
    std::vector<std::unique_ptr<wire_channel>> m_wires;
    std::vector<std::unique_ptr<nic_module>> m_nics;
};

}  // namespace rxpath
