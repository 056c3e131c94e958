// Keeps what each packet of a run was charged until the packet's fate is known, then adds it to the account of that
// fate (models/base/packet_fate.h).
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/call_trace.h"
#include "models/base/measurements.h"
#include "models/base/packet_fate.h"
#include "models/cpu/cost_profile.h"

namespace rxpath {

class fate_ledger {
public:
    // The profile must outlive it.
    explicit fate_ledger(const cost_profile& costs);

    // A run begins whose first packet will have this number.
    void begin_run(std::uint64_t first_packet);
    // A stage was charged for packet number `packet`, or, with 0, for all of the run; the trace had these calls then.
    void charged(stage worked, std::uint64_t packet, const work& done, const call_trace& trace);
    void finished(std::uint64_t packet, packet_outcome outcome, drop_reason reason);
    // The run is over, all its packets are finished. `cycles_of_calls`: of each call of the trace, without callees.
    void end_run(const call_trace& trace, const std::vector<double>& cycles_of_calls, fate_accounts& into);

private:
    struct charge {
        stage worked;
        std::uint64_t packet;  // 0: all
        path_work done;
        std::size_t end;  // of its calls in the trace
    };

    void note_calls(std::uint64_t packet, const call_trace& trace, std::size_t begin);
    void find_accounts(fate_accounts& into);
    void add_functions(const call_trace& trace, const std::vector<double>& cycles_of_calls);
    // Calls add(account, share) for the packet that was charged, or for each of the run's.
    template <class Add>
    void for_each_payer(std::uint64_t packet, Add add) const;

    const cost_profile& m_costs;
    std::array<std::uint32_t, function_count> m_bit{};  // of packet_fate::called; 0: says nothing
    std::uint64_t m_first_packet = 1;
    std::vector<charge> m_charges;
    std::vector<packet_fate> m_fates;  // by packet of the run
    std::vector<fate_account*> m_accounts;
    std::vector<std::int64_t> m_instructions;  // by call
};

}  // namespace rxpath
