// All that is on the other end of the wires: flows and captures, each at its times, in order of time. What the host
// sends reaches them after the peer's latency, at least a picosecond (decision 0009).
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "models/base/growing_queue.h"
#include "models/base/host_spec.h"
#include "models/softirq/run_events.h"
#include "models/wire/traffic.h"
#include "models/wire/wire_channel.h"

namespace rxpath {

class traffic_source_module : public sc_core::sc_module, public run_observer, private packet_sink {
public:
    // In the order of host_spec::nics.
    sc_core::sc_port<frame_send_if, 0, sc_core::SC_ZERO_OR_MORE_BOUND> wires{"wires"};

    // Stops when `packets` frames are on the wires; 0: when the traffic is over.
    traffic_source_module(const sc_core::sc_module_name& name, std::uint64_t packets, const wire_spec& wire);

    // Before the simulation starts.
    void add_traffic(std::unique_ptr<traffic> source) { m_traffic.push_back(std::move(source)); }

    // The host has sent something.
    void sent(const packet_sent& packet) override;
    std::uint64_t emitted() const { return m_emitted; }
    // `packets` frames are on the wires.
    bool enough() const { return m_packets != 0 && m_emitted == m_packets; }
    // Of traffic number `index`, in the order of add_traffic().
    std::optional<unfinished_traffic> unfinished(std::size_t index) const { return m_traffic[index]->unfinished(); }
    // Nothing will be sent any more, whatever the host does.
    bool over() const { return m_over; }

private:
    struct heard {
        picoseconds at;
        sent_packet sent;
    };

    void take_turns();
    void hear_due(picoseconds now);
    void schedule(picoseconds now);
    void emit(const packet& frame, std::size_t device) override;

    const picoseconds m_peer_latency;
    std::uint64_t m_packets, m_emitted = 0;
    std::vector<std::unique_ptr<traffic>> m_traffic;
    growing_queue<heard> m_heard;
    bool m_over = false;
    sc_core::sc_event m_turn;
};

}  // namespace rxpath
