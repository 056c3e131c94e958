#include "models/softirq/softirq_run.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "models/base/skb_truesize.h"
#include "models/routing/rtable.h"
#include "models/wire/frame_time.h"

namespace rxpath {

softirq_run::softirq_run(const host_spec& spec, const kernel_profile& profile, core& cpu, random_source& random,
                         measurements& result)
    : m_core(cpu),
      m_result(result),
      m_context{m_trace, random, {}},
      m_meter(profile, spec.cpu),
      m_outcomes(result),
      m_accounts(spec, profile.costs, result) {
    m_trace.keep_objects(true);
    m_meter.core().assume_warm();
    if (spec.keep_fates) m_fates.emplace(profile.costs);
}

void softirq_run::begin(bool at_once) {
    m_core.begin_softirq();
    m_trace.clear();
    m_trace.keep_reasons(m_accounts.explains_after(m_packets_taken));
    m_meter.restart(at_once);
    m_stage_of_call.clear();
    m_interrupts = {};
    m_run_cycles = {};
    m_first_of_run = m_packets_taken + 1;
    m_outcomes.begin_run(m_first_of_run);
    if (m_fates) m_fates->begin_run(m_first_of_run);
    m_context.now = m_core.now();
}

void softirq_run::end() {
    m_accounts.share_softirq(priced(m_run_cycles), m_first_of_run, m_packets_taken);
    share_interrupts();
    if (m_fates) m_fates->end_run(m_trace, m_meter.cycles_of_calls(), m_result.fates);
    if (m_outside.traced) m_outside.traced(m_trace, m_run_cycles);
    m_core.end_softirq();
    if (m_outside.ended) m_outside.ended();
}

void softirq_run::measure_from_now() {
    m_outcomes.begin_window();
    m_result.warm = true;
    m_result.first_measured = m_packets_taken + 1;
}

cycles softirq_run::charge(stage worked, const sk_buff* packet) {
    const auto index = static_cast<std::size_t>(worked);
    const auto done = m_meter.price_new(m_trace, &m_result.functions[index]);
    if (m_accounts.explains()) m_stage_of_call.resize(m_trace.calls().size(), worked);
    m_run_cycles += cycles{done.core_cycles};
    m_result.stages[index] += done;
    m_charged = packet == nullptr ? 0 : packet->number;
    if (m_fates) m_fates->charged(worked, m_charged, done, m_trace);
    const picoseconds done_at{m_core.now().value + m_core.to_time({done.core_cycles}).value()};
    note_fates(done_at);
    pass_on(done_at);
    return {done.core_cycles};
}

receive_context& softirq_run::begin_task() {
    m_trace.clear();
    m_trace.keep_reasons(m_accounts.explains());
    m_meter.restart();
    m_stage_of_call.clear();
    m_context.now = m_core.now();
    return m_context;
}

cycles softirq_run::end_task(const std::vector<std::uint64_t>& packets) {
    m_first_of_run = m_packets_taken + 1;
    m_outcomes.begin_run(m_first_of_run);
    const auto taken = charge(stage::application, nullptr);
    m_accounts.share_task(priced(taken), packets);
    return taken;
}

void softirq_run::count_packets(stage passed, std::uint64_t packets) {
    m_result.stage_packets[static_cast<std::size_t>(passed)] += packets;
}

void softirq_run::pass_on(picoseconds done_at) {
    for (const auto& sent : m_context.sent) {
        if (sent.kind == sent_kind::forwarded) m_outcomes.handed_on(sent.number, done_at);
        if (m_outside.sent) m_outside.sent(m_core.now(), sent);
    }
    for (auto* sk : m_context.woken)
        if (m_outside.woken) m_outside.woken(*sk);
    m_result.counted += std::exchange(m_context.counted, {});
    m_context.sent.clear();
    m_context.woken.clear();
    m_context.now = m_core.now();
}

void softirq_run::note_fates(picoseconds done_at) {
    for (const auto& drop : m_context.dropped) {
        note_in_record(drop.number, m_outcomes.drop({drop.number, drop.reason}, done_at));
        if (m_outside.dropped) m_outside.dropped(drop);
    }
    for (const auto& settled : m_context.settled) note_in_record(settled.number, m_outcomes.settle(settled, done_at));
    m_context.dropped.clear();
    m_context.settled.clear();
}

// In the packet's record, if there is one and something to say.
void softirq_run::note_in_record(std::uint64_t number, const std::optional<packet_outcomes::decision>& decided) {
    auto* record = decided ? m_accounts.of(number) : nullptr;
    if (record == nullptr) return;
    record->outcome = decided->outcome;
    record->reason = decided->reason;
    if (decided->outcome == packet_outcome::delivered) record->at_socket = decided->at;
}

measurements softirq_run::end_measuring() {
    m_accounts.close();
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
    skb.fill(from, {std::min<std::uint64_t>(from.length.value, most_linear)});
    for (auto left = skb.len - std::min(skb.len, most_linear); left > 0; left -= skb.frags.back())
        skb.frags.push_back(next_page_fragment(left));
    skb.dev = &dev;
    skb.skb_iif = dev.ifindex;
    skb.truesize = skb_truesize(skb.len);
    skb.number = ++m_packets_taken;
    if (from.written_by_device) m_meter.core().written_by_device(network_header_address(skb), skb.len);
    skb.arrival = arrival;
    name(dev);
    m_outcomes.taken(skb, frame_bits(from.length));
    count_arrival(skb);
    m_accounts.open(skb);
    return skb;
}

std::vector<const sk_buff*> softirq_run::packets_at_work() const {
    std::vector<const sk_buff*> at_work;
    for (const auto& skb : m_all)
        if (std::find(m_free.begin(), m_free.end(), skb.get()) == m_free.end()) at_work.push_back(skb.get());
    return at_work;
}

void softirq_run::count_arrival(const sk_buff& skb) {
    const auto ip = ipv4_header_view::at(skb.linear_bytes(), 0);
    if (!ip || ip->protocol() != ipproto_tcp) return;
    const auto tcp = tcp_header_view::at(skb.linear_bytes(), ip->ihl() * 4u);
    if (!tcp) return;
    if (tcp->syn() && !tcp->ack()) ++m_result.syns_received;
    if (tcp->fin()) ++m_result.fins_received;
    if (tcp->rst()) ++m_result.resets_received;
}

void softirq_run::received(sk_buff& skb, cycles worked) {
    if (!skb.queued) return;
    const picoseconds at{m_core.now().value + m_core.to_time(worked).value()};
    m_outcomes.handed_on(skb.number, at);
}

void softirq_run::read(std::uint64_t number, picoseconds arrival, picoseconds at) {
    m_result.wire_to_application.push_back(at - arrival);
    if (auto* record = m_accounts.of(number)) record->at_application = at;
}

void softirq_run::finish(sk_buff& skb) {
    const auto decided = m_outcomes.finish(skb);
    note_in_record(skb.number, decided);
    if (m_fates) m_fates->finished(skb.number, decided.outcome, decided.reason);
    ++m_result.early_demux[static_cast<std::size_t>(skb.early_demux)];
    ++m_result.routed_by[static_cast<std::size_t>(skb.routed_by)];
    if (auto* record = m_accounts.of(skb.number)) {
        record->early_demux = skb.early_demux;
        record->routed_by = skb.routed_by;
    }
    if (decided.outcome == packet_outcome::forwarded) note_way(skb);
    if (!skb_dst_is_noref(skb)) dst_release_immediate(skb_dst(skb));
    m_free.push_back(&skb);
}

// Which device and next hop the packet left by: its dst says.
void softirq_run::note_way(const sk_buff& skb) {
    const auto* route = skb_rtable(skb);
    if (route == nullptr || route->dst.dev == nullptr) return;
    const auto& dev = *route->dst.dev;
    const auto gateway = route->rt_gw_family == af_inet ? route->rt_gw4 : ipv4_address{};
    ++m_result.forwarded_by[{dev.ifindex, gateway}];
    name(dev);
    auto* record = m_accounts.of(skb.number);
    if (record == nullptr) return;
    record->left_by = dev.ifindex;
    record->next_hop = gateway.is_unspecified() ? skb.ip_hdr().daddr() : gateway;
}

void softirq_run::name(const net_device& dev) {
    const auto index = static_cast<std::size_t>(dev.ifindex);
    if (m_result.devices.size() <= index) m_result.devices.resize(index + 1);
    if (m_result.devices[index].empty()) m_result.devices[index] = dev.name;
}

priced_trace softirq_run::priced(cycles whole) const {
    return {m_trace, m_meter.cycles_of_calls(), m_stage_of_call, whole};
}

void softirq_run::share_interrupts() {
    if (!m_accounts.kept()) return;
    std::vector<std::uint64_t> packets(m_packets_taken + 1 - m_first_of_run);
    std::iota(packets.begin(), packets.end(), m_first_of_run);
    m_accounts.share_fixed(fixed_cost::interrupt, m_interrupts, packets);
}

}  // namespace rxpath
