// What is counted of all that cores do, from the end of the warm-up on: by stage, by function, by outcome.
#pragma once

#include "models/base/measurements.h"
#include "models/softirq/run_events.h"

namespace rxpath {

class window_statistics : public run_observer {
public:
    // The warm-up is over: what was counted is forgotten. `held`: packets that wait; `taken`: those so far.
    void begin_window(std::uint64_t held, std::uint64_t taken);
    // Gives away what was counted.
    measurements end_window();

    measurements& result() { return m_result; }

    void taken(const packet_taken& packet) override;
    void passed(const stage_passed& packets) override;
    void charged(const stage_charged& charge) override;
    void charged_fixed(const fixed_charged& charge) override;
    void decided(const packet_decided& packet) override;
    void sent(const packet_sent& packet) override;
    void accepted_connection() override { ++m_result.connections_established; }
    void read(const packet_read& packet) override;
    void counted(const snmp_counters& more) override { m_result.counted += more; }
    void polled_device() override { ++m_result.polls; }
    void squeezed_time() override { ++m_result.time_squeezes; }

private:
    void count_tcp(const sk_buff& skb);
    void count_path(const packet_decided& packet);
    void name(const net_device& dev);

    measurements m_result;
};

}  // namespace rxpath
