// The receive softirq of one core, as its stages share it: from begin() to end() it takes packets, and each stage's
// work is charged to it.
#pragma once

#include "models/softirq/core_work.h"
#include "models/softirq/skb_pool.h"

namespace rxpath {

class softirq_run {
public:
    // `skbs` and `outcomes` are the host's.
    softirq_run(const host_spec& spec, core_work& work, skb_pool& skbs, packet_outcomes& outcomes)
        : m_work(work), m_skbs(skbs), m_outcomes(outcomes), m_explained(spec.explain_packet) {}

    core& cpu() { return m_work.cpu(); }
    receive_context& context() { return m_work.context(); }
    const run_observers& observers() const { return m_work.observers(); }

    // `at_once`: after another run, so that the caches have what that one used.
    void begin(bool at_once = false);
    void end();
    // The NAPI stage spends that much on an interrupt's entry.
    void interrupted(cycles entry);
    // core_work::charge(); `packet` is whom to charge for, null: all packets of the run.
    cycles charge(stage worked, const sk_buff* packet) {
        return m_work.charge(worked, packet == nullptr ? 0 : packet->number);
    }
    void count_packets(stage passed, std::uint64_t packets) const {
        observers().tell(&run_observer::passed, stage_passed{passed, packets});
    }

    // Packets of the run, each in a buffer: finish() says what has become of one, and frees it.
    sk_buff& take(const packet& from, net_device& dev, picoseconds arrival, std::uint32_t buffer);
    void finish(sk_buff& skb);
    // The socket layer is done with it, `worked` from now.
    void received(const sk_buff& skb, cycles worked);

private:
    core_work& m_work;
    skb_pool& m_skbs;
    packet_outcomes& m_outcomes;
    const std::uint64_t m_explained;
    run_packets m_packets;
    cycles m_interrupts;
};

}  // namespace rxpath
