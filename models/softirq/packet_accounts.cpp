#include "models/softirq/packet_accounts.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace rxpath {

namespace {

// What the one at `place` gets of units that so many share: whole units each, and one of the rest to the first ones.
std::int64_t share_of(std::int64_t units, std::size_t sharing, std::size_t place) {
    const auto count = static_cast<std::int64_t>(sharing);
    auto rest = units % count, each = units / count;
    if (rest < 0) rest += count, --each;
    return each + (static_cast<std::int64_t>(place) < rest ? 1 : 0);
}

// Who gets the rest of a call's units changes from call to call.
std::int64_t share_of_call(std::int64_t units, std::size_t sharing, std::size_t place, std::size_t call) {
    return share_of(units, sharing, (place + call) % sharing);
}

bool is_receive(const traced_call& call) { return describe(call.function).kind == function_kind::receive; }

}  // namespace

packet_accounts::packet_accounts(const host_spec& spec, const cost_profile& costs, measurements& result)
    : m_costs(costs),
      m_result(result),
      m_kept(spec.keep_packet_records || spec.explain_packet != 0),
      m_explained(spec.explain_packet) {}

void packet_accounts::taken(const packet_taken& packet) {
    if (!m_kept) return;
    auto& record = m_result.packets.emplace_back(std::exchange(m_before_the_first, {}));
    record.number = packet.skb.number;
    record.arrival = packet.skb.arrival;
    record.arrived_on = packet.skb.skb_iif;
}

packet_record* packet_accounts::of(std::uint64_t number) {
    return number != 0 && number <= m_result.packets.size() ? &m_result.packets[number - 1] : nullptr;
}

packet_work& packet_accounts::account(std::uint64_t number, part of_record) {
    auto* record = of(number);
    if (record == nullptr) record = &m_before_the_first;
    return record->*of_record;
}

const packet_numbers& packet_accounts::or_last(const packet_numbers& packets) {
    m_last.assign(1, m_result.packets.size());
    return packets.empty() ? m_last : packets;
}

void packet_accounts::decided(const packet_decided& packet) {
    auto* record = of(packet.number);
    if (record == nullptr) return;
    record->outcome = packet.outcome;
    record->reason = packet.reason;
    if (packet.outcome == packet_outcome::delivered) record->at_socket = packet.at;
    if (packet.skb == nullptr) return;
    record->early_demux = packet.skb->early_demux;
    record->routed_by = packet.skb->routed_by;
    if (packet.left_by == nullptr) return;
    record->left_by = packet.left_by->ifindex;
    record->next_hop = packet.gateway.is_unspecified() ? packet.skb->ip_hdr().daddr() : packet.gateway;
}

void packet_accounts::read(const packet_read& packet) {
    if (auto* record = of(packet.number)) record->at_application = packet.at;
}

void packet_accounts::shared_fixed(const fixed_shared& charge) {
    if (!m_kept || charge.whole.value == 0) return;
    const auto& sharing = or_last(charge.packets);
    const auto of_record = charge.what == fixed_cost::interrupt ? &packet_record::done : &packet_record::application;
    for (std::size_t place = 0; place < sharing.size(); ++place) {
        const auto share =
            static_cast<std::uint64_t>(share_of(static_cast<std::int64_t>(charge.whole.value), sharing.size(), place));
        account(sharing[place], of_record).core_cycles += share;
        if (m_explained != 0 && sharing[place] == m_explained)
            m_result.explained.fixed.push_back({charge.what, charge.whole.value, sharing.size(), share});
    }
}

void packet_accounts::ended(const run_ended& run) {
    if (!m_kept) return;
    const bool softirq = run.kind == run_kind::softirq;
    const auto of_record = softirq ? &packet_record::done : &packet_record::application;
    const auto& packets = or_last(run.packets);
    m_owners.find(run.done.trace, packets, run.sk_buffs);
    const auto& amounts = m_costs.of_calls(run.done.trace);
    m_shares.assign(packets.size(), {});
    share_instructions(run.done, amounts);
    share_cycles(run.done);
    for (std::size_t place = 0; place < packets.size(); ++place) {
        account(packets[place], of_record) += m_shares[place];
        if (m_explained != 0 && packets[place] == m_explained)
            explain(run.done, amounts, static_cast<std::uint32_t>(place));
    }
}

void packet_accounts::share_instructions(const priced_trace& done, const std::vector<call_amounts>& amounts) {
    for (std::size_t call = 0; call < amounts.size(); ++call) {
        const auto& own = amounts[call];
        const auto& owners = m_owners.of(call);
        const bool receive = is_receive(done.trace.calls()[call]);
        for (std::size_t i = 0; i < owners.size(); ++i) {
            const auto share = [&](std::int64_t units) {
                return static_cast<std::uint64_t>(share_of_call(units, owners.size(), i, call));
            };
            auto& to = m_shares[owners[i]];
            (receive ? to.instructions : to.context_instructions) += share(own.instructions);
            to.loads += share(own.loads);
            to.stores += share(own.stores);
        }
    }
}

// Calls take parts of cycles, and what was waited for is whole: each packet gets as much of that as its calls took of
// them all.
void packet_accounts::share_cycles(const priced_trace& done) {
    m_cycles.assign(m_shares.size(), 0);
    for (std::size_t call = 0; call < done.cycles_of_calls.size(); ++call) {
        const auto& owners = m_owners.of(call);
        for (const auto place : owners)
            m_cycles[place] += done.cycles_of_calls[call] / static_cast<double>(owners.size());
    }
    std::partial_sum(m_cycles.begin(), m_cycles.end(), m_cycles.begin());
    const auto all = m_cycles.back();
    std::uint64_t given = 0;
    for (std::size_t place = 0; place < m_shares.size(); ++place) {
        const bool last = place + 1 == m_shares.size();
        const auto up_to_here = all > 0 ? std::max(0.0, m_cycles[place] / all) : 0;
        const auto up_to =
            last ? done.whole.value
                 : static_cast<std::uint64_t>(std::llround(up_to_here * static_cast<double>(done.whole.value)));
        m_shares[place].core_cycles = std::max(up_to, given) - given;
        given = std::max(up_to, given);
    }
}

void packet_accounts::explain(const priced_trace& done, const std::vector<call_amounts>& amounts, std::uint32_t place) {
    auto& work = m_result.explained.work.emplace_back();
    work.trace = done.trace;
    work.whole_cycles = m_shares[place].core_cycles;
    work.calls.reserve(amounts.size());
    for (std::size_t call = 0; call < amounts.size(); ++call) {
        const auto& owners = m_owners.of(call);
        auto& explained = work.calls.emplace_back();
        explained.worked = done.stages_of_calls[call];
        const auto found = std::lower_bound(owners.begin(), owners.end(), place);
        if (found == owners.end() || *found != place) continue;
        explained.packets = owners.size();
        explained.instructions = share_of_call(amounts[call].instructions, owners.size(),
                                               static_cast<std::size_t>(found - owners.begin()), call);
        explained.cycles = done.cycles_of_calls[call] / static_cast<double>(owners.size());
    }
}

}  // namespace rxpath
