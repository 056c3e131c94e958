#include "models/machine/machine.h"

#include <stdexcept>
#include <string>

#include "models/command/host_command.h"
#include "models/machine/reference_audit.h"

namespace rxpath {

core_chain::core_chain(const host_spec& spec, const kernel_profile& profile, network_namespace& net,
                       random_source& random, measurements& result)
    : cpu("core0", spec.cpu),
      run(spec, profile, cpu, random, result),
      napi("napi", run, spec, dispatcher, result),
      ip_receive("ip_receive", run, net),
      early_demux("early_demux", run, net),
      routing_cache("routing_cache", run, net),
      ip_deliver("ip_deliver", run, net),
      socket_layer("socket_layer", run, net),
      m_to_napi("to_napi", cpu, dispatcher, spec.timing),
      m_to_ip_receive("to_ip_receive", cpu, dispatcher, spec.timing),
      m_to_early_demux("to_early_demux", cpu, dispatcher, spec.timing),
      m_to_routing("to_routing", cpu, dispatcher, spec.timing),
      m_to_ip_deliver("to_ip_deliver", cpu, dispatcher, spec.timing),
      m_to_socket_layer("to_socket_layer", cpu, dispatcher, spec.timing) {
    bind();
}

// In packet order. ip_receive gets a packet back after routing and after delivery, napi a list that is done.
void core_chain::bind() {
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

namespace {

std::string module_name(std::size_t place, const char* part) { return "nic" + std::to_string(place) + part; }

std::size_t ehash_entries(const boot_spec& boot) {
    return boot.thash_entries != 0 ? boot.thash_entries : thash_entries_for(boot.memory_bytes);
}

}  // namespace

nic_port::nic_port(std::size_t place, const nic_spec& spec)
    : wire(module_name(place, "_wire").c_str(), spec.rate_bits_per_second, spec.sender_queue),
      ring(module_name(place, "_ring").c_str(), spec),
      nic(module_name(place, "").c_str(), spec, wire, ring) {}

machine::machine(const host_spec& spec)
    : m_spec(spec),
      m_profile(kernel_profile::of(spec.cpu)),
      m_random(spec.seed),
      m_net(ehash_entries(spec.boot), spec.seed),
      m_chain(spec, m_profile, m_net, m_random, m_result),
      m_application("application", spec, m_chain.run, m_net, m_result, spec.replays.empty()) {
    m_net.sysctls.tcp_rmem_max = tcp_rmem_max_for(spec.boot.memory_bytes);
    for (const auto& nic : spec.nics) {
        auto& port = *m_ports.emplace_back(std::make_unique<nic_port>(m_ports.size(), nic));
        m_chain.napi.add_device(port.ring, nic.napi);
    }
}

void machine::set_up() {
    m_net.routing.set_features(m_spec.routing.features);
    m_net.routing.link_up(m_net.routing.loopback_dev());
    for (std::size_t i = 0; i < m_spec.nics.size(); ++i) m_net.routing.link_up(appear(i));
    auto commands = m_spec.setup;
    if (const auto routes = m_spec.routing.global_table) commands.push_back(global_table_command(routes));
    for (const auto& command : commands)
        if (const auto error = apply_host_command(m_net, command)) throw std::invalid_argument(*error);
}

net_device& machine::appear(std::size_t nic) {
    auto& dev = m_net.devices.add(m_spec.nics[nic].name);
    m_net.routing.device_registered(dev);
    m_chain.napi.connect(nic, dev);
    return dev;
}

std::vector<std::string> machine::unowned() {
    outside_holders outside;
    outside.open = m_application.open_sockets();
    outside.packets = m_chain.run.packets_at_work();
    outside.in_softirq = m_chain.cpu.in_softirq();
    for (const auto& packet : m_chain.run.context().looped) outside.looped.push_back(packet.dst);
    return rxpath::unowned(m_net, outside);
}

void machine::connect(udp_sock& sk, endpoint peer) {
    const auto route = m_net.routing.route_output(peer.address);
    m_net.sockets.connect_udp(sk, peer, route ? route->source : ipv4_address{});
}

sock& machine::listen(const listen_spec& listener) {
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
