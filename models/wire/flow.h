// The flows of a scenario as traffic: each takes its turn at the flow's interval.
#pragma once

#include <utility>
#include <vector>

#include "models/base/host_spec.h"
#include "models/wire/tcp_peer.h"
#include "models/wire/traffic.h"

namespace rxpath {

// What all flows do: turns at an interval, alternating over devices, until the flow has sent enough. Turns in which
// nothing would be sent pass unnoticed.
class flow : public traffic {
public:
    // `devices`: where its packets arrive in turn, indices into host_spec::nics; at least one.
    flow(flow_spec spec, std::vector<std::size_t> devices) : m_spec(std::move(spec)), m_devices(std::move(devices)) {}

    std::optional<picoseconds> next_turn() const override;
    void take_turn(picoseconds now, packet_sink& sink) override;
    void hear(const sent_packet& /*sent*/, picoseconds /*now*/, packet_sink& /*sink*/) override {}
    bool waits() const override { return !enough() || winding_down() != 0; }
    std::optional<unfinished_traffic> unfinished() const override;

protected:
    // One turn on a device; true when it sent one of the packets that the flow counts.
    virtual bool send_next(picoseconds now, packet_sink& sink, std::size_t device) = 0;
    // Number of the next turn, from 0, in which something is sent; nothing: not before the flow hears something.
    virtual std::optional<std::uint64_t> next_sending_turn() const { return m_turn; }
    // A turn was taken; what it changed counts now.
    virtual void turn_taken() {}
    // Connections that have to close yet when it has sent enough.
    virtual std::uint64_t winding_down() const { return 0; }
    bool enough() const { return limit() != 0 && m_sent >= limit(); }
    std::uint64_t turn() const { return m_turn; }
    picoseconds time_of(std::uint64_t turn) const { return m_spec.start + m_spec.interval * turn; }
    // The first turn that has not passed.
    std::uint64_t turn_from(picoseconds time) const;

    const flow_spec m_spec;
    const std::vector<std::size_t> m_devices;

private:
    std::uint64_t limit() const;

    std::uint64_t m_turn = 0;  // the first that was not taken
    std::uint64_t m_sent = 0;
};

// Connections that are made, carry segments round robin, and are closed and made again if the flow says so. A flow of
// so many packets gives up a connection that the host refuses again and again.
class tcp_flow : public flow {
public:
    tcp_flow(const flow_spec& spec, std::vector<std::size_t> devices);
    void hear(const sent_packet& sent, picoseconds now, packet_sink& sink) override;

private:
    bool send_next(picoseconds now, packet_sink& sink, std::size_t device) override;
    std::optional<std::uint64_t> next_sending_turn() const override { return m_next_sending_turn; }
    void turn_taken() override { m_next_sending_turn = find_sending_turn(turn()); }
    std::uint64_t winding_down() const override;
    bool has_sent_all(const tcp_peer& peer) const;
    std::optional<picoseconds> ready_at(const tcp_peer& peer) const;
    // The first turn of a peer, from turn `from` on, in which it sends something.
    std::optional<std::uint64_t> sending_turn(std::size_t peer, std::uint64_t from) const;
    std::optional<std::uint64_t> find_sending_turn(std::uint64_t from) const;

    std::vector<tcp_peer> m_peers;
    std::optional<std::uint64_t> m_next_sending_turn = 0;
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
