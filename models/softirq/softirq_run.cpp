#include "models/softirq/softirq_run.h"

#include "models/routing/rtable.h"
#include "models/wire/frame_time.h"

namespace rxpath {

void softirq_run::begin(bool at_once) {
    cpu().begin_softirq();
    m_interrupts = {};
    m_packets.clear();
    const bool to_be_explained = m_explained > m_skbs.taken();
    m_work.begin(at_once, to_be_explained);
    observers().tell(&run_observer::began, run_began{run_kind::softirq, cpu().now(), m_packets});
}

void softirq_run::end() {
    observers().tell(&run_observer::ended,
                     run_ended{run_kind::softirq, m_work.priced(), m_packets.numbers, m_packets.sk_buffs});
    observers().tell(&run_observer::shared_fixed, fixed_shared{fixed_cost::interrupt, m_interrupts, m_packets.numbers});
    cpu().end_softirq();
    observers().tell(&run_observer::left_core);
}

void softirq_run::interrupted(cycles entry) {
    m_interrupts += entry;
    observers().tell(&run_observer::charged_fixed, fixed_charged{stage::napi, fixed_cost::interrupt, entry});
}

sk_buff& softirq_run::take(const packet& from, net_device& dev, picoseconds arrival, std::uint32_t buffer) {
    auto& skb = m_skbs.take(from, dev, arrival, buffer);
    const auto bits = frame_bits(from.length);
    m_packets.add(skb.number);
    m_outcomes.taken(skb, bits);
    observers().tell(&run_observer::taken, packet_taken{skb, bits});
    return skb;
}

void softirq_run::received(const sk_buff& skb, cycles worked) {
    if (!skb.queued) return;
    const picoseconds at{cpu().now().value + cpu().to_time(worked).value()};
    m_outcomes.handed_on(skb.number, at);
}

void softirq_run::finish(sk_buff& skb) {
    const auto decided = m_outcomes.finish(skb);
    packet_decided event{
        skb.number, decided.outcome, decided.reason, decided.arrival, decided.at, decided.bits, &skb, nullptr, {}};
    if (const auto* route = skb_rtable(skb); decided.outcome == packet_outcome::forwarded && route != nullptr) {
        event.left_by = route->dst.dev;
        if (route->rt_gw_family == af_inet) event.gateway = route->rt_gw4;
    }
    observers().tell(&run_observer::decided, event);
    if (!skb_dst_is_noref(skb)) dst_release_immediate(skb_dst(skb));
    m_skbs.free(skb);
}

}  // namespace rxpath
