#include "models/softirq/fate_ledger.h"

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

place_in_run place_of(std::size_t packet, std::size_t packets) {
    if (packets == 1) return place_in_run::alone;
    return packet == 0 ? place_in_run::first : place_in_run::later;
}

}  // namespace

fate_ledger::fate_ledger(const cost_profile& costs) : m_costs(costs) {
    std::uint32_t bit = 1;
    for (const auto function : fate_functions) {
        m_bit[static_cast<std::size_t>(function)] = bit;
        bit <<= 1;
    }
}

void fate_ledger::begin_run(std::uint64_t first_packet) {
    m_first_packet = first_packet;
    m_charges.clear();
    m_fates.clear();
}

void fate_ledger::charged(stage worked, std::uint64_t packet, const work& done, const call_trace& trace) {
    const auto begin = m_charges.empty() ? 0 : m_charges.back().end;
    if (packet != 0) note_calls(packet, trace, begin);
    m_charges.push_back({worked, packet, path_work_of(done), trace.calls().size()});
}

void fate_ledger::note_calls(std::uint64_t packet, const call_trace& trace, std::size_t begin) {
    const auto place = static_cast<std::size_t>(packet - m_first_packet);
    if (m_fates.size() <= place) m_fates.resize(place + 1);
    for (auto i = begin; i < trace.calls().size(); ++i)
        m_fates[place].called |= m_bit[static_cast<std::size_t>(trace.calls()[i].function)];
}

void fate_ledger::finished(std::uint64_t packet, packet_outcome outcome, drop_reason reason) {
    const auto place = static_cast<std::size_t>(packet - m_first_packet);
    if (m_fates.size() <= place) m_fates.resize(place + 1);
    m_fates[place].outcome = outcome;
    m_fates[place].reason = reason;
}

void fate_ledger::find_accounts(fate_accounts& into) {
    m_accounts.clear();
    for (std::size_t i = 0; i < m_fates.size(); ++i) {
        m_fates[i].place = place_of(i, m_fates.size());
        auto& account = into[m_fates[i]];
        ++account.packets;
        m_accounts.push_back(&account);
    }
}

template <class Add>
void fate_ledger::for_each_payer(std::uint64_t packet, Add add_share) const {
    if (packet != 0) return add_share(*m_accounts[packet - m_first_packet], 1.0);
    for (auto* account : m_accounts) add_share(*account, 1.0 / static_cast<double>(m_accounts.size()));
}

void fate_ledger::end_run(const call_trace& trace, const std::vector<double>& cycles_of_calls, fate_accounts& into) {
    find_accounts(into);
    for (const auto& each : m_charges) {
        if (!is_on_path(each.worked)) continue;
        const auto index = static_cast<std::size_t>(each.worked);
        for_each_payer(each.packet,
                       [&](fate_account& account, double share) { add(account.stages[index], each.done, share); });
    }
    add_functions(trace, cycles_of_calls);
}

void fate_ledger::add_functions(const call_trace& trace, const std::vector<double>& cycles_of_calls) {
    const auto& calls = trace.calls();
    m_instructions.clear();
    for (const auto& call : calls) m_instructions.push_back(m_costs.base(call.function).instructions);
    for (const auto& step : trace.steps())
        m_instructions[step.call] +=
            std::int64_t{m_costs.step(calls[step.call].function, step.step).instructions} * step.times;
    std::size_t call = 0;
    for (const auto& each : m_charges) {
        for (; call < each.end; ++call) {
            if (!is_on_path(each.worked)) continue;
            const auto index = static_cast<std::size_t>(calls[call].function);
            for_each_payer(each.packet, [&](fate_account& account, double share) {
                account.functions[index].instructions += static_cast<double>(m_instructions[call]) * share;
                account.functions[index].cycles += cycles_of_calls[call] * share;
            });
        }
    }
}

}  // namespace rxpath
