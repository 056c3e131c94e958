// Counts what becomes of each packet, once: when its softirq ends, or, where that leaves it waiting, when a later
// packet or a timer settles it. So at every moment between two runs of the softirq
//   received + looped + held when counting began = delivered + forwarded + consumed + dropped + held.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "models/base/measurements.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

class packet_outcomes {
public:
    struct decision {
        packet_outcome outcome;
        drop_reason reason;  // NOT_DROPPED_YET unless it was dropped
        picoseconds at;      // when it was on its socket, or on the next wire's queue
    };

    // The result must outlive it.
    explicit packet_outcomes(window_totals& result) : m_result(result) {}

    // A softirq or a task begins; packets it takes have numbers from `first` on.
    void begin_run(std::uint64_t first);
    // `bits`: of its frame on the wire.
    void taken(const sk_buff& skb, std::uint64_t bits);
    // It is on its socket, or on the next wire's queue, at that time.
    void handed_on(std::uint64_t number, picoseconds at);
    // What the stack says of packets of this run, and of those that wait. Answers what has become of one that waited.
    std::optional<decision> drop(const settled_packet& dropped, picoseconds at);
    std::optional<decision> settle(const settled_packet& settled, picoseconds at);
    // The softirq is done with it.
    decision finish(const sk_buff& skb);

    // Counting begins anew; what waits goes on waiting.
    void begin_window();

private:
    struct packet_account {
        picoseconds arrival, handed_on;
        std::uint64_t bits = 0;
        drop_reason dropped = drop_reason::NOT_DROPPED_YET;
        std::optional<drop_reason> settled;  // after it began to wait
    };

    packet_account* of(std::uint64_t number);
    static decision decide(const sk_buff& skb, const packet_account& packet);
    void count(const decision& decided, const packet_account& packet);

    window_totals& m_result;
    std::uint64_t m_first = 1;
    std::vector<packet_account> m_run;  // by packet of this run
    std::unordered_map<std::uint64_t, packet_account> m_held;
};

}  // namespace rxpath
