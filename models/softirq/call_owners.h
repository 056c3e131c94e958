// Whose work each call of a trace was. A call that was made for one packet is that packet's own. One that was made for
// all (a poll, the handling of a list) belongs to the packets that were worked on below it, in equal shares; one with
// none below it, such as a lock, goes with its caller; what is left belongs to all packets of the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/base/call_trace.h"

namespace rxpath {

class call_owners {
public:
    // Places of packets in the run, 0 for the first, ascending.
    using places = std::vector<std::uint32_t>;

    // The run has taken `packets` (1 or more) packets, numbered from `first` on.
    void find(const call_trace& trace, std::uint64_t first, std::size_t packets);
    const places& of(std::size_t call) const { return m_groups[m_group_of[call]]; }

private:
    static constexpr std::size_t unknown = SIZE_MAX;

    // The place of the packet that a call was made for; `unknown`: for all, or for one of another run.
    std::size_t place_of(const traced_call& call) const;
    void begin(std::size_t packets);
    void look_below(const traced_call& call, std::size_t& group);
    void ask_callers(const call_trace& trace);

    std::uint64_t m_first = 1;
    std::size_t m_packets = 0;
    std::vector<places> m_groups;  // one a packet, one of all, then those found
    std::vector<std::size_t> m_group_of;
    std::vector<places> m_waiting;  // by depth: packets of calls that wait for their caller
};

}  // namespace rxpath
