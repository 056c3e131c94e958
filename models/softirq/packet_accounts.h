// What each packet cost: its own calls, and its shares of what was done for several at once. Over all packets of a run
// the accounts hold every instruction and every cycle that its stages took, so that one packet's adds up to the whole.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/host_spec.h"
#include "models/base/measurements.h"
#include "models/base/sk_buff.h"
#include "models/cpu/cost_profile.h"
#include "models/softirq/call_owners.h"

namespace rxpath {

// A trace with what its calls cost.
struct priced_trace {
    const call_trace& trace;
    const std::vector<double>& cycles_of_calls;
    const std::vector<stage>& stages;  // one a call, when a packet is explained
    cycles whole;                      // what was waited for: whole cycles at each hand-over
};

class packet_accounts {
public:
    // The profile and the result must outlive it.
    packet_accounts(const host_spec& spec, const cost_profile& profile, measurements& result);

    bool kept() const { return m_kept; }
    // Nothing that follows is kept.
    void close() {
        m_kept = false;
        m_explained = 0;
    }
    bool explains() const { return m_explained != 0; }
    // True until the packet to be explained is behind `taken` packets.
    bool explains_after(std::uint64_t taken) const { return m_explained > taken; }
    // Accounts begin with a packet's arrival; their numbers follow one another from 1 on.
    void open(const sk_buff& skb);
    // Null when there are none.
    packet_record* of(std::uint64_t number);

    // A softirq run in which the packets from `first` to `last` were taken, `first` > `last`: none.
    void share_softirq(const priced_trace& done, std::uint64_t first, std::uint64_t last);
    // A task in the kernel for these packets. Without any, it is the last packet's that came before it.
    void share_task(const priced_trace& done, const std::vector<std::uint64_t>& packets);
    // The same of cycles beside the calls.
    void share_fixed(fixed_cost what, cycles whole, const std::vector<std::uint64_t>& packets);

private:
    using part = packet_work packet_record::*;

    // Calls name packets by their numbers, from `first` on.
    void share(const priced_trace& done, const std::vector<std::uint64_t>& packets, std::uint64_t first,
               part of_record);
    void share_instructions(const priced_trace& done);
    void share_cycles(const priced_trace& done);
    void price_calls(const call_trace& trace);
    void explain(const priced_trace& done, std::uint32_t place);
    std::vector<std::uint64_t> or_last(const std::vector<std::uint64_t>& packets) const;
    packet_work& account(std::uint64_t number, part of_record);

    // Of one call, all its steps included.
    struct call_amounts {
        std::int64_t instructions = 0, loads = 0, stores = 0;
    };

    const cost_profile& m_profile;
    measurements& m_result;
    bool m_kept;
    std::uint64_t m_explained;
    call_owners m_owners;
    std::vector<call_amounts> m_amounts;  // by call of the trace that is being shared
    std::vector<double> m_cycles;         // by packet
    std::vector<packet_work> m_shares;    // the same
    packet_record m_before_the_first;     // work that was done before any packet came
};

}  // namespace rxpath
