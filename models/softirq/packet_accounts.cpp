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

packet_work& packet_work::operator+=(const packet_work& other) {
    instructions += other.instructions;
    context_instructions += other.context_instructions;
    loads += other.loads;
    stores += other.stores;
    core_cycles += other.core_cycles;
    return *this;
}

packet_accounts::packet_accounts(const host_spec& spec, const cost_profile& profile, measurements& result)
    : m_profile(profile),
      m_result(result),
      m_kept(spec.keep_packet_records || spec.explain_packet != 0),
      m_explained(spec.explain_packet) {}

void packet_accounts::open(const sk_buff& skb) {
    if (!m_kept) return;
    auto& record = m_result.packets.emplace_back(std::exchange(m_before_the_first, {}));
    record.number = skb.number;
    record.arrival = skb.arrival;
    record.arrived_on = skb.skb_iif;
}

packet_record* packet_accounts::of(std::uint64_t number) {
    return number != 0 && number <= m_result.packets.size() ? &m_result.packets[number - 1] : nullptr;
}

packet_work& packet_accounts::account(std::uint64_t number, part of_record) {
    auto* record = of(number);
    if (record == nullptr) record = &m_before_the_first;
    return record->*of_record;
}

std::vector<std::uint64_t> packet_accounts::or_last(const std::vector<std::uint64_t>& packets) const {
    return packets.empty() ? std::vector<std::uint64_t>{m_result.packets.size()} : packets;
}

void packet_accounts::share_softirq(const priced_trace& done, std::uint64_t first, std::uint64_t last) {
    if (!m_kept) return;
    std::vector<std::uint64_t> packets(last + 1 - first);
    std::iota(packets.begin(), packets.end(), first);
    share(done, or_last(packets), first, &packet_record::done);
}

void packet_accounts::share_task(const priced_trace& done, const std::vector<std::uint64_t>& packets) {
    constexpr auto no_call_names_one = UINT64_MAX;
    if (m_kept) share(done, or_last(packets), no_call_names_one, &packet_record::application);
}

void packet_accounts::share_fixed(fixed_cost what, cycles whole, const std::vector<std::uint64_t>& packets) {
    if (!m_kept || whole.value == 0) return;
    const auto sharing = or_last(packets);
    const auto of_record = what == fixed_cost::interrupt ? &packet_record::done : &packet_record::application;
    for (std::size_t place = 0; place < sharing.size(); ++place) {
        const auto share =
            static_cast<std::uint64_t>(share_of(static_cast<std::int64_t>(whole.value), sharing.size(), place));
        account(sharing[place], of_record).core_cycles += share;
        if (m_explained != 0 && sharing[place] == m_explained)
            m_result.explained.fixed.push_back({what, whole.value, sharing.size(), share});
    }
}

void packet_accounts::share(const priced_trace& done, const std::vector<std::uint64_t>& packets, std::uint64_t first,
                            part of_record) {
    m_owners.find(done.trace, first, packets.size());
    price_calls(done.trace);
    m_shares.assign(packets.size(), {});
    share_instructions(done);
    share_cycles(done);
    for (std::size_t place = 0; place < packets.size(); ++place) {
        account(packets[place], of_record) += m_shares[place];
        if (m_explained != 0 && packets[place] == m_explained) explain(done, static_cast<std::uint32_t>(place));
    }
}

void packet_accounts::price_calls(const call_trace& trace) {
    const auto add = [this](std::size_t call, const instruction_cost& cost, std::int64_t times) {
        m_amounts[call].instructions += cost.instructions * times;
        m_amounts[call].loads += cost.loads * times;
        m_amounts[call].stores += cost.stores * times;
    };
    m_amounts.assign(trace.calls().size(), {});
    for (std::size_t i = 0; i < m_amounts.size(); ++i) add(i, m_profile.base(trace.calls()[i].function), 1);
    for (const auto& step : trace.steps())
        add(step.call, m_profile.step(trace.calls()[step.call].function, step.step), step.times);
}

void packet_accounts::share_instructions(const priced_trace& done) {
    for (std::size_t call = 0; call < m_amounts.size(); ++call) {
        const auto& amounts = m_amounts[call];
        const auto& owners = m_owners.of(call);
        const bool receive = is_receive(done.trace.calls()[call]);
        for (std::size_t i = 0; i < owners.size(); ++i) {
            const auto share = [&](std::int64_t units) {
                return static_cast<std::uint64_t>(share_of_call(units, owners.size(), i, call));
            };
            auto& to = m_shares[owners[i]];
            (receive ? to.instructions : to.context_instructions) += share(amounts.instructions);
            to.loads += share(amounts.loads);
            to.stores += share(amounts.stores);
        }
    }
}

// Calls take parts of cycles, and what was waited for is whole: each packet gets as much of that as its calls took of
// them all.
void packet_accounts::share_cycles(const priced_trace& done) {
    m_cycles.assign(m_shares.size(), 0);
    for (std::size_t call = 0; call < m_amounts.size(); ++call) {
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

void packet_accounts::explain(const priced_trace& done, std::uint32_t place) {
    auto& work = m_result.explained.work.emplace_back();
    work.trace = done.trace;
    work.whole_cycles = m_shares[place].core_cycles;
    work.calls.reserve(m_amounts.size());
    for (std::size_t call = 0; call < m_amounts.size(); ++call) {
        const auto& owners = m_owners.of(call);
        auto& explained = work.calls.emplace_back();
        explained.worked = done.stages[call];
        const auto found = std::lower_bound(owners.begin(), owners.end(), place);
        if (found == owners.end() || *found != place) continue;
        explained.packets = owners.size();
        explained.instructions = share_of_call(m_amounts[call].instructions, owners.size(),
                                               static_cast<std::size_t>(found - owners.begin()), call);
        explained.cycles = done.cycles_of_calls[call] / static_cast<double>(owners.size());
    }
}

}  // namespace rxpath
