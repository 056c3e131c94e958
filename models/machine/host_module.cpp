#include "models/machine/host_module.h"

#include <stdexcept>
#include <string>

#include "models/command/host_command.h"
#include "models/machine/reference_audit.h"

namespace rxpath {

namespace {

std::size_t ehash_entries(const boot_spec& boot) {
    return boot.thash_entries != 0 ? boot.thash_entries : thash_entries_for(boot.memory_bytes);
}

constexpr std::uint32_t cores = 1;

}  // namespace

host_module::host_module(const sc_core::sc_module_name& name, const host_spec& spec)
    : sc_module(name),
      m_spec(spec),
      m_profile(kernel_profile::of(spec.cpu)),
      m_random(spec.seed),
      m_memory(preset_of(spec.cpu), cores),
      m_buffers(m_memory),
      m_net(ehash_entries(spec.boot), spec.seed),
      m_accounts(spec, m_profile.costs, m_statistics.result()),
      m_core("core0", 0, spec, {m_profile, m_memory, m_buffers, m_net, m_random, m_skbs, m_outcomes, m_statistics}),
      m_application("application", spec, m_core.task, m_net, spec.replays.empty()) {
    count_in_picoseconds();
    m_memory.assume_warm();
    m_net.sysctls.tcp_rmem_max = tcp_rmem_max_for(spec.boot.memory_bytes);
    observe(m_statistics);
    observe(m_accounts);
    if (spec.keep_fates) {
        m_fates = std::make_unique<fate_ledger>(m_profile.costs, m_statistics.result().fates);
        observe(*m_fates);
    }
    observe(m_application);
    for (const auto& nic : spec.nics) plug_in(nic);
}

// NIC and wire are known by their place, "nic0" the first: what people call a device is no name for SystemC, and may be
// that of another module.
void host_module::plug_in(const nic_spec& spec) {
    const auto place = std::to_string(m_nics.size());
    auto& wire = *m_wires.emplace_back(
        std::make_unique<wire_channel>(("wire" + place).c_str(), spec.rate_bits_per_second, spec.sender_queue));
    auto& nic = *m_nics.emplace_back(std::make_unique<nic_module>(("nic" + place).c_str(), spec, m_buffers));
    nic.wire(wire);
    m_core.napi.add_device(nic.ring(), spec.napi);
}

measurements host_module::end_measuring() {
    m_accounts.close();
    return m_statistics.end_window();
}

void host_module::set_up() {
    m_net.routing.set_features(m_spec.routing.features);
    m_net.routing.link_up(m_net.routing.loopback_dev());
    for (std::size_t i = 0; i < m_spec.nics.size(); ++i) m_net.routing.link_up(appear(i));
    auto commands = m_spec.setup;
    if (const auto routes = m_spec.routing.global_table) commands.push_back(global_table_command(routes));
    for (const auto& command : commands)
        if (const auto error = apply_host_command(m_net, command)) throw std::invalid_argument(*error);
}

net_device& host_module::appear(std::size_t nic) {
    auto& dev = m_net.devices.add(m_spec.nics[nic].name);
    m_net.routing.device_registered(dev);
    m_core.napi.connect(nic, dev);
    return dev;
}

std::vector<std::string> host_module::unowned() {
    outside_holders outside;
    outside.open = m_application.open_sockets();
    outside.packets = m_skbs.in_use();
    outside.in_softirq = m_core.cpu.in_softirq();
    for (const auto& packet : m_core.work.context().looped) outside.looped.push_back(packet.dst);
    return rxpath::unowned(m_net, outside);
}

void host_module::connect(udp_sock& sk, endpoint peer) {
    const auto route = m_net.routing.route_output(peer.address);
    m_net.sockets.connect_udp(sk, peer, route ? route->source : ipv4_address{});
}

sock& host_module::listen(const listen_spec& listener) {
    const auto* dev = listener.device.empty() ? nullptr : m_net.devices.by_name(listener.device);
    const int ifindex = dev != nullptr ? dev->ifindex : 0;
    if (listener.protocol == transport::udp) {
        auto& sk = m_net.sockets.bind_udp(listener.local, ifindex);
        if (listener.peer) connect(sk, *listener.peer);
        m_application.own(sk);
        return sk;
    }
    auto& sk = m_net.sockets.listen(listener.local, ifindex);
    m_application.own(sk);
    return sk;
}

}  // namespace rxpath
