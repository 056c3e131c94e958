#include "models/softirq_run.h"

#include <algorithm>
#include <utility>

#include "models/base/skb_truesize.h"
#include "models/routing/dst_entry.h"

namespace rxpath {

namespace {

// That of one of so many packets: whole units to each and the rest to the first; cycles by cause in equal parts.
work share_of(const work& all, std::uint64_t packets, std::uint64_t place) {
    const auto part = [&](std::uint64_t units) { return units / packets + (place < units % packets ? 1 : 0); };
    work share;
    share.instructions = part(all.instructions);
    share.context_instructions = part(all.context_instructions);
    share.loads = part(all.loads);
    share.stores = part(all.stores);
    share.core_cycles = part(all.core_cycles);
    for (std::size_t i = 0; i < cycle_cause_count; ++i) share.why[i] = all.why[i] / static_cast<double>(packets);
    for (std::size_t i = 0; i < memory_level_count; ++i) {
        share.found.data[i] = part(all.found.data[i]);
        share.found.code[i] = part(all.found.code[i]);
    }
    return share;
}

}  // namespace

softirq_run::softirq_run(const host_spec& spec, const kernel_profile& profile, core& cpu, random_source& random,
                         measurements& result)
    : m_core(cpu),
      m_result(result),
      m_context{m_trace, random, {}},
      m_meter(profile, spec.cpu),
      m_explained(spec.explain_packet),
      m_keep_records(spec.keep_packet_records) {
    m_trace.keep_objects(true);
    m_meter.core().assume_warm();
}

void softirq_run::begin(bool at_once) {
    m_core.begin_softirq();
    m_trace.clear();
    m_trace.keep_reasons(m_explained != 0);
    m_meter.restart(at_once);
    m_stage_of_call.clear();
    m_shared = {};
    m_run_cycles = {};
    m_first_of_run = m_packets_taken + 1;
    m_drop_of.clear();
    m_context.now = m_core.now();
}

void softirq_run::end() {
    const bool holds_explained = m_explained >= m_first_of_run && m_explained <= m_packets_taken;
    if (holds_explained) {
        m_result.explained = m_trace;
        m_result.explained_stages = m_stage_of_call;
        m_result.explained_cycles = m_meter.cycles_of_calls();
    }
    share_run_work();
    if (m_outside.traced) m_outside.traced(m_trace, m_run_cycles);
    m_core.end_softirq();
    if (m_outside.ended) m_outside.ended();
}

void softirq_run::measure_from_now() {
    static_cast<window_totals&>(m_result) = {};
    m_result.warm = true;
    m_result.first_measured = m_packets_taken + 1;
}

cycles softirq_run::charge(stage worked, const sk_buff* packet) {
    const auto index = static_cast<std::size_t>(worked);
    const auto done = m_meter.price_new(m_trace, &m_result.functions[index]);
    if (m_explained != 0) m_stage_of_call.resize(m_trace.calls().size(), worked);
    m_run_cycles += cycles{done.core_cycles};
    m_result.stages[index] += done;
    if (packet == nullptr)
        m_shared += done;
    else if (auto* record = record_of(packet->number))
        record->done += done;
    note_drops();
    pass_on();
    return {done.core_cycles};
}

receive_context& softirq_run::begin_task() {
    m_trace.clear();
    m_trace.keep_reasons(false);
    m_meter.restart();
    m_stage_of_call.clear();
    m_context.now = m_core.now();
    return m_context;
}

cycles softirq_run::end_task() {
    m_first_of_run = m_packets_taken + 1;
    return charge(stage::application, nullptr);
}

void softirq_run::count_packets(stage passed, std::uint64_t packets) {
    m_result.stage_packets[static_cast<std::size_t>(passed)] += packets;
}

void softirq_run::pass_on() {
    for (const auto& sent : m_context.sent)
        if (m_outside.sent) m_outside.sent(m_core.now(), sent);
    for (auto* sk : m_context.woken)
        if (m_outside.woken) m_outside.woken(*sk);
    m_context.sent.clear();
    m_context.woken.clear();
    m_context.now = m_core.now();
}

void softirq_run::note_drops() {
    for (const auto& drop : m_context.dropped) {
        if (drop.number >= m_first_of_run) m_drop_of[drop.number - m_first_of_run] = drop.reason;
        if (m_outside.dropped) m_outside.dropped(drop);
    }
    m_context.dropped.clear();
}

measurements softirq_run::end_measuring() {
    m_keep_records = false;
    m_explained = 0;
    return std::exchange(m_result, {});
}

sk_buff& softirq_run::take(const packet& from, net_device& dev, picoseconds arrival) {
    if (m_free.empty()) {
        m_all.push_back(std::make_unique<sk_buff>());
        m_all.back()->place = static_cast<std::uint32_t>(m_all.size() - 1);
        m_free.push_back(m_all.back().get());
    }
    auto& skb = *m_free.back();
    m_free.pop_back();
    skb.fill(from, from.length);
    skb.dev = &dev;
    skb.skb_iif = dev.ifindex;
    skb.truesize = skb_truesize(skb.len);
    skb.number = ++m_packets_taken;
    if (from.written_by_device) m_meter.core().written_by_device(network_header_address(skb), skb.len);
    skb.arrival = arrival;
    m_drop_of.push_back(drop_reason::NOT_DROPPED_YET);
    count_arrival(skb);
    if (m_keep_records) keep_record(skb);
    return skb;
}

void softirq_run::count_arrival(const sk_buff& skb) {
    ++m_result.packets_received;
    const auto ip = ipv4_header_view::at(skb.linear_bytes(), 0);
    if (!ip || ip->protocol() != ipproto_tcp) return;
    const auto tcp = tcp_header_view::at(skb.linear_bytes(), ip->ihl() * 4u);
    if (!tcp) return;
    if (tcp->syn() && !tcp->ack()) ++m_result.syns_received;
    if (tcp->fin()) ++m_result.fins_received;
    if (tcp->rst()) ++m_result.resets_received;
}

void softirq_run::keep_record(const sk_buff& skb) {
    auto& record = m_result.packets.emplace_back();
    record.number = skb.number;
    record.arrival = skb.arrival;
}

packet_record* softirq_run::record_of(std::uint64_t number) {
    return m_keep_records && number != 0 && number <= m_result.packets.size() ? &m_result.packets[number - 1] : nullptr;
}

void softirq_run::received(sk_buff& skb, cycles worked) {
    if (!skb.queued) return;
    const picoseconds at{m_core.now().value + m_core.to_time(worked).value()};
    m_result.wire_to_socket.push_back(at - skb.arrival);
    if (auto* record = record_of(skb.number)) record->at_socket = at;
}

void softirq_run::read(std::uint64_t number, picoseconds arrival, picoseconds at) {
    m_result.wire_to_application.push_back(at - arrival);
    if (auto* record = record_of(number)) record->at_application = at;
}

void softirq_run::finish(sk_buff& skb) {
    const auto reason = m_drop_of[skb.number - m_first_of_run];
    auto outcome = packet_outcome::consumed;
    if (reason != drop_reason::NOT_DROPPED_YET)
        outcome = packet_outcome::dropped;
    else if (skb.queued)
        outcome = packet_outcome::delivered;
    else if (skb.forwarded)
        outcome = packet_outcome::forwarded;
    count_fate(skb, outcome);
    if (auto* record = record_of(skb.number)) {
        record->outcome = outcome;
        record->reason = reason;
        record->early_demux = skb.early_demux;
        record->routed_by = skb.routed_by;
    }
    if (!skb_dst_is_noref(skb)) dst_release_immediate(skb_dst(skb));
    m_free.push_back(&skb);
}

void softirq_run::count_fate(const sk_buff& skb, packet_outcome outcome) {
    const auto count = [](auto& counters, auto which) { ++counters[static_cast<std::size_t>(which)]; };
    count(m_result.outcomes, outcome);
    count(m_result.early_demux, skb.early_demux);
    count(m_result.routed_by, skb.routed_by);
    if (outcome == packet_outcome::dropped) count(m_result.drops, m_drop_of[skb.number - m_first_of_run]);
}

// What the run did for all its packets is shared out among them.
void softirq_run::share_run_work() {
    const auto packets = m_packets_taken + 1 - m_first_of_run;
    if (!m_keep_records || packets == 0) return;
    for (auto number = m_first_of_run; number <= m_packets_taken; ++number) {
        record_of(number)->done += share_of(m_shared, packets, number - m_first_of_run);
    }
}

}  // namespace rxpath
