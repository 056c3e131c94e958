// Keeps what each packet of a run was charged until the packet's fate is known, then adds it to the account of that
// fate (models/base/packet_fate.h).
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/packet_fate.h"
#include "models/cpu/trace_costs.h"
#include "models/softirq/run_events.h"

namespace rxpath {

// Of one core.
class fate_ledger : public run_observer {
public:
    // Costs and accounts must outlive it.
    fate_ledger(const cost_profile& costs, fate_accounts& into);

    void began(const run_began& run) override;
    void charged(const stage_charged& more) override;
    void decided(const packet_decided& packet) override;
    void ended(const run_ended& run) override;

private:
    struct charge {
        stage worked;
        std::uint64_t sk_buff;  // 0: all
        path_work done;
        std::size_t end;  // of its calls in the trace
    };

    packet_fate& fate_at(std::size_t place);
    void note_calls(std::uint64_t sk_buff, const call_trace& trace, std::size_t begin);
    void find_accounts();
    void add_functions(const priced_trace& done);
    // Calls add(account, share) for the packets that were charged, in one sk_buff or all of the run.
    template <class Add>
    void for_each_payer(std::uint64_t sk_buff, Add add) const;

    trace_costs m_costs;
    fate_accounts& m_into;
    std::array<std::uint32_t, function_count> m_bit{};  // of packet_fate::called; 0: says nothing
    bool m_in_softirq = false;
    const run_packets* m_packets = nullptr;  // of the run
    std::vector<charge> m_charges;
    std::vector<packet_fate> m_fates;  // by place in the run
    std::vector<fate_account*> m_accounts;
};

}  // namespace rxpath
