// What each packet cost: its own calls, and its shares of what was done for several at once. Over all packets of a run
// the accounts hold every instruction and every cycle that its stages took, so that one packet's adds up to the whole.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/host_spec.h"
#include "models/cpu/trace_costs.h"
#include "models/softirq/call_owners.h"
#include "models/softirq/run_events.h"

namespace rxpath {

// The records of all packets, by number, and the explained packet's account.
class packet_accounts : public run_observer {
public:
    // Costs and result must outlive it.
    packet_accounts(const host_spec& spec, const cost_profile& costs, measurements& result);

    // Nothing that follows is kept.
    void close() {
        m_kept = false;
        m_explained = 0;
    }

    void taken(const packet_taken& packet) override;
    void shared_fixed(const fixed_shared& charge) override;
    void decided(const packet_decided& packet) override;
    void read(const packet_read& packet) override;
    void ended(const run_ended& run) override;

private:
    using part = packet_work packet_record::*;

    // Null when there is none.
    packet_record* of(std::uint64_t number);
    void share_instructions(const priced_trace& done, const std::vector<call_amounts>& amounts);
    void share_cycles(const priced_trace& done);
    void explain(const priced_trace& done, const std::vector<call_amounts>& amounts, std::uint32_t place);
    const packet_numbers& or_last(const packet_numbers& packets);
    packet_work& account(std::uint64_t number, part of_record);

    trace_costs m_costs;
    measurements& m_result;
    bool m_kept;
    std::uint64_t m_explained;
    call_owners m_owners;
    packet_numbers m_last;              // the last packet's number
    std::vector<double> m_cycles;       // by packet
    std::vector<packet_work> m_shares;  // the same
    packet_record m_before_the_first;   // work that was done before any packet came
};

}  // namespace rxpath
