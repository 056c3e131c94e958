#include "models/softirq/fate_ledger.h"
#include "models/softirq/fate_functions.h"

namespace rxpath {

namespace {

path_work path_work_of(const work& done) {
    return {static_cast<double>(done.instructions), static_cast<double>(done.context_instructions),
            static_cast<double>(done.core_cycles), done.why};
}

void add(path_work& sum, const path_work& part, double share) {
    sum.instructions += part.instructions * share;
    sum.context_instructions += part.context_instructions * share;
    sum.cycles += part.cycles * share;
    for (std::size_t i = 0; i < sum.why.size(); ++i) sum.why[i] += part.why[i] * share;
}

place_in_run place_in(std::size_t packet, std::size_t packets) {
    if (packets == 1) return place_in_run::alone;
    return packet == 0 ? place_in_run::first : place_in_run::later;
}

}  // namespace

fate_ledger::fate_ledger(const cost_profile& costs, fate_accounts& into) : m_costs(costs), m_into(into) {
    std::uint32_t bit = 1;
    for (const auto function : fate_functions) {
        m_bit[static_cast<std::size_t>(function)] = bit;
        bit <<= 1;
    }
}

void fate_ledger::began(const run_began& run) {
    m_in_softirq = run.kind == run_kind::softirq;
    m_packets = &run.packets;
    m_charges.clear();
    m_fates.clear();
}

packet_fate& fate_ledger::fate_at(std::size_t place) {
    if (m_fates.size() <= place) m_fates.resize(place + 1);
    return m_fates[place];
}

void fate_ledger::charged(const stage_charged& more) {
    if (!m_in_softirq) return;
    const auto begin = m_charges.empty() ? 0 : m_charges.back().end;
    if (more.sk_buff != 0) note_calls(more.sk_buff, more.trace, begin);
    m_charges.push_back({more.worked, more.sk_buff, path_work_of(more.done), more.trace.calls().size()});
}

void fate_ledger::note_calls(std::uint64_t sk_buff, const call_trace& trace, std::size_t begin) {
    std::uint32_t called = 0;
    for (auto i = begin; i < trace.calls().size(); ++i)
        called |= m_bit[static_cast<std::size_t>(trace.calls()[i].function)];
    m_packets->for_each_in(sk_buff, [&](std::size_t place) { fate_at(place).called |= called; });
}

void fate_ledger::decided(const packet_decided& packet) {
    if (packet.skb == nullptr) return;  // its run is over
    auto& fate = fate_at(place_of(packet.number, m_packets->numbers).value());
    fate.outcome = packet.outcome;
    fate.reason = packet.reason;
}

void fate_ledger::find_accounts() {
    m_accounts.clear();
    for (std::size_t i = 0; i < m_fates.size(); ++i) {
        m_fates[i].place = place_in(i, m_fates.size());
        auto& account = m_into[m_fates[i]];
        ++account.packets;
        m_accounts.push_back(&account);
    }
}

template <class Add>
void fate_ledger::for_each_payer(std::uint64_t sk_buff, Add add_share) const {
    if (sk_buff == 0) {
        for (auto* account : m_accounts) add_share(*account, 1.0 / static_cast<double>(m_accounts.size()));
        return;
    }
    double payers = 0;
    m_packets->for_each_in(sk_buff, [&](std::size_t /*place*/) { ++payers; });
    m_packets->for_each_in(sk_buff, [&](std::size_t place) { add_share(*m_accounts[place], 1.0 / payers); });
}

void fate_ledger::ended(const run_ended& run) {
    if (!m_in_softirq) return;
    find_accounts();
    for (const auto& each : m_charges) {
        if (!is_on_path(each.worked)) continue;
        const auto index = static_cast<std::size_t>(each.worked);
        for_each_payer(each.sk_buff,
                       [&](fate_account& account, double share) { add(account.stages[index], each.done, share); });
    }
    add_functions(run.done);
}

void fate_ledger::add_functions(const priced_trace& done) {
    const auto& calls = done.trace.calls();
    const auto& amounts = m_costs.of_calls(done.trace);
    std::size_t call = 0;
    for (const auto& each : m_charges) {
        for (; call < each.end; ++call) {
            if (!is_on_path(each.worked)) continue;
            const auto index = static_cast<std::size_t>(calls[call].function);
            for_each_payer(each.sk_buff, [&](fate_account& account, double share) {
                account.functions[index].instructions += static_cast<double>(amounts[call].instructions) * share;
                account.functions[index].cycles += done.cycles_of_calls[call] * share;
            });
        }
    }
}

}  // namespace rxpath
