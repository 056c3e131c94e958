// Whose work each call of a trace was. A call that was made for one packet is that packet's own. One that was made for
// all (a poll, the handling of a list) belongs to the packets that were worked on below it, in equal shares; one with
// none below it, such as a lock, goes with its caller; what is left belongs to all packets of the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/base/call_trace.h"
#include "models/softirq/packet_numbers.h"

namespace rxpath {

class call_owners {
public:
    // Places of packets in the run, 0 for the first, ascending.
    using places = std::vector<std::uint32_t>;

    // `packets`: the numbers of those who share the trace, one or more, ascending. `sk_buffs`: those that they travel
    // in, by whose numbers its calls say whom they are for; empty: they name nobody.
    void find(const call_trace& trace, const packet_numbers& packets, const packet_numbers& sk_buffs);
    const places& of(std::size_t call) const { return m_groups[m_group_of[call]]; }

private:
    static constexpr std::size_t unknown = SIZE_MAX;

    void begin(const packet_numbers& packets, const packet_numbers& sk_buffs);
    void look_below(const traced_call& call, const packet_numbers& named, std::size_t& group);
    void ask_callers(const call_trace& trace);

    std::size_t m_packets = 0;
    std::vector<places> m_groups;  // one a packet, one of all, then those found
    std::vector<std::size_t> m_group_of;
    std::vector<places> m_waiting;  // by depth: packets of calls that wait for their caller
};

}  // namespace rxpath
