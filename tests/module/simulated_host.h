// Hosts to simulate: one NIC with 10.0.0.1, its peer 10.0.0.2 on the wire. A core at 1 GHz: a cycle is a nanosecond.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/machine/host.h"

namespace rxpath {

inline const endpoint server{*parse_ipv4_address("10.0.0.1"), {80}};
inline const endpoint client{*parse_ipv4_address("10.0.0.2"), {40000}};

inline cpu_spec one_gigahertz() {
    cpu_spec spec;
    spec.numbers["frequency"] = 1;
    return spec;
}

inline host_spec make_host() {
    host_spec spec;
    spec.cpu = one_gigahertz();
    spec.nics.emplace_back();
    spec.setup = {"ip addr add 10.0.0.1/24 dev nic0", "ip route add default via 10.0.0.2"};
    return spec;
}

// Datagrams to a socket that nobody has connected.
inline host_spec make_udp_host(std::uint64_t packets, picoseconds interval) {
    auto spec = make_host();
    spec.packets = packets;
    spec.listeners.push_back({transport::udp, server, {}, {}});
    flow_spec flow;
    flow.type = flow_spec::kind::udp;
    flow.from = client;
    flow.to = server;
    flow.interval = interval;
    flow.packets = packets;
    spec.flows.push_back(flow);
    return spec;
}

// One connection, from its SYN on.
inline host_spec make_tcp_host(std::uint64_t packets) {
    auto spec = make_host();
    spec.packets = packets;
    spec.listeners.push_back({transport::tcp, server, {}, {}});
    flow_spec flow;
    flow.from = client;
    flow.to = server;
    flow.interval = microseconds(40);  // at 1 GHz the handshake takes most of it
    spec.flows.push_back(flow);
    return spec;
}

// Forwards from nic0 to a gateway on nic1.
inline host_spec make_forwarding_host(std::uint64_t packets) {
    auto spec = make_host();
    spec.nics.emplace_back().name = "nic1";
    spec.setup = {"ip addr add 10.0.0.1/24 dev nic0", "ip addr add 10.0.1.1/24 dev nic1",
                  "sysctl net.ipv4.ip_forward=1", "ip route add 203.0.113.0/24 via 10.0.1.2"};
    spec.packets = packets;
    flow_spec flow;
    flow.type = flow_spec::kind::raw_tcp;
    flow.from = client;
    flow.to = {*parse_ipv4_address("203.0.113.5"), {80}};
    flow.interval = microseconds(40);
    spec.flows.push_back(flow);
    return spec;
}

// What a run of it measures.
inline measurements measure(const host_spec& spec) {
    host simulated{spec};
    simulated.run();
    return simulated.measured();
}

inline std::uint64_t count(const measurements& result, packet_outcome outcome) {
    return result.outcomes[static_cast<std::size_t>(outcome)];
}
inline std::uint64_t count(const measurements& result, early_demux_outcome outcome) {
    return result.early_demux[static_cast<std::size_t>(outcome)];
}
inline std::uint64_t count(const measurements& result, route_source source) {
    return result.routed_by[static_cast<std::size_t>(source)];
}
inline std::uint64_t calls_of(const measurements& result, function_number function) {
    std::uint64_t calls = 0;
    for (const auto& stage : result.functions) calls += stage[static_cast<std::size_t>(function)].calls;
    return calls;
}

}  // namespace rxpath
