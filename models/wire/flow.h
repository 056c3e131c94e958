// The flows of a scenario as traffic: each takes its turn at the flow's interval.
#pragma once

#include <vector>

#include "models/host_spec.h"
#include "models/wire/tcp_peer.h"
#include "models/wire/traffic.h"

namespace rxpath {

// What all flows do: turns at an interval, alternating over devices, until the flow has sent enough.
class flow : public traffic {
public:
    // `devices`: where its packets arrive in turn, indices into host_spec::nics; at least one.
    flow(const flow_spec& spec, std::vector<std::size_t> devices)
        : m_spec(spec), m_devices(std::move(devices)), m_next(spec.start) {}

    std::optional<picoseconds> next_turn() const override;
    void take_turn(picoseconds now, packet_sink& sink) override;
    void hear(const sent_packet& /*sent*/, picoseconds /*now*/, packet_sink& /*sink*/) override {}

protected:
    // One turn on a device; true when it sent one of the packets that the flow counts.
    virtual bool send_next(picoseconds now, packet_sink& sink, std::size_t device) = 0;
    // It has sent enough, and has to close yet.
    virtual bool winding_down() const { return false; }
    bool enough() const;

    const flow_spec m_spec;
    const std::vector<std::size_t> m_devices;

private:
    picoseconds m_next;
    std::uint64_t m_sent = 0;
    std::size_t m_turn = 0;
};

// Connections that are made, carry segments round robin, and are closed and made again if the flow says so.
class tcp_flow : public flow {
public:
    tcp_flow(const flow_spec& spec, std::vector<std::size_t> devices);
    void hear(const sent_packet& sent, picoseconds now, packet_sink& sink) override;

private:
    bool send_next(picoseconds now, packet_sink& sink, std::size_t device) override;
    bool winding_down() const override;
    bool send_or_close(tcp_peer& peer, picoseconds now, packet_sink& sink, std::size_t device);

    std::vector<tcp_peer> m_peers;
    std::size_t m_turn = 0;
};

// Datagrams, SYNs to one port after the other, or segments of no connection.
class stateless_flow : public flow {
public:
    using flow::flow;

private:
    bool send_next(picoseconds now, packet_sink& sink, std::size_t device) override;

    std::uint64_t m_count = 0;
    packet m_frame;
};

}  // namespace rxpath
