#include "models/softirq/core_work.h"

#include <utility>

namespace rxpath {

core_work::core_work(const host_spec& spec, trace_meter meter, core& cpu, random_source& random,
                     packet_outcomes& outcomes, std::array<function_totals, stage_count>& totals)
    : m_core(cpu),
      m_outcomes(outcomes),
      m_totals(totals),
      m_context{m_trace, random, {}},
      m_meter(std::move(meter)),
      m_explains(spec.explain_packet != 0) {
    m_trace.keep_objects(true);
}

void core_work::begin(bool at_once, bool keep_reasons) {
    m_trace.clear();
    m_trace.keep_reasons(keep_reasons);
    m_meter.restart(at_once);
    m_stage_of_call.clear();
    m_charged = {};
    m_context.now = m_core.now();
}

cycles core_work::charge(stage worked, std::uint64_t sk_buff) {
    const auto done = m_meter.price_new(m_trace, m_totals[static_cast<std::size_t>(worked)]);
    const cycles taken{done.core_cycles};
    if (m_explains) m_stage_of_call.resize(m_trace.calls().size(), worked);
    m_charged += taken;
    const picoseconds done_at{m_core.now().value + m_core.to_time(taken).value()};
    m_observers.tell(&run_observer::charged, stage_charged{worked, sk_buff, m_core.now(), done_at, done, m_trace});
    note_fates(done_at);
    pass_on(done_at, sk_buff);
    return taken;
}

priced_trace core_work::priced() const { return {m_trace, m_meter.cycles_of_calls(), m_stage_of_call, m_charged}; }

void core_work::pass_on(picoseconds done_at, std::uint64_t sk_buff) {
    for (const auto& sent : m_context.sent) {
        if (sent.kind == sent_kind::forwarded) m_outcomes.handed_on(sent.number, done_at);
        m_observers.tell(&run_observer::sent, packet_sent{m_core.now(), sent});
    }
    for (auto* sk : m_context.woken) m_observers.tell(&run_observer::woken, socket_woken{*sk, sk_buff});
    if (m_context.counted.any()) m_observers.tell(&run_observer::counted, std::exchange(m_context.counted, {}));
    m_context.sent.clear();
    m_context.woken.clear();
    m_context.now = m_core.now();
}

void core_work::note_fates(picoseconds done_at) {
    for (const auto& drop : m_context.dropped) {
        tell_decided(drop.number, m_outcomes.drop({drop.number, drop.reason}, done_at));
        m_observers.tell(&run_observer::dropped, drop);
    }
    for (const auto& settled : m_context.settled) tell_decided(settled.number, m_outcomes.settle(settled, done_at));
    m_context.dropped.clear();
    m_context.settled.clear();
}

// Of a packet that an earlier run left waiting.
void core_work::tell_decided(std::uint64_t number, const std::optional<packet_outcomes::decision>& decided) {
    if (!decided) return;
    m_observers.tell(&run_observer::decided, packet_decided{number,
                                                            decided->outcome,
                                                            decided->reason,
                                                            decided->arrival,
                                                            decided->at,
                                                            decided->bits,
                                                            nullptr,
                                                            nullptr,
                                                            {}});
}

}  // namespace rxpath
