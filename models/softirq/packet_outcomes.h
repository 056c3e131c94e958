// What becomes of each packet, once: when the softirq that took it ends, or, where that leaves it waiting, when a later
// packet or a timer settles it, on whatever core.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "models/base/packet_outcome.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/softirq/packet_table.h"

namespace rxpath {

class packet_outcomes {
public:
    struct decision {
        packet_outcome outcome;
        drop_reason reason;  // NOT_DROPPED_YET unless it was dropped
        picoseconds at;      // when it was on its socket, or on the next wire's queue
        picoseconds arrival;
        std::uint64_t bits;  // of its frame on the wire
    };

    // A softirq works on it from here on. `bits`: of its frame on the wire.
    void taken(const sk_buff& skb, std::uint64_t bits) { m_at_work.open(skb.number) = {skb.arrival, {}, bits}; }
    // It is on its socket, or on the next wire's queue, at that time.
    void handed_on(std::uint64_t number, picoseconds at);
    // What the stack says of packets at work, and of those that wait. Answers what has become of one that waited.
    std::optional<decision> drop(const settled_packet& dropped, picoseconds at);
    std::optional<decision> settle(const settled_packet& settled, picoseconds at);
    // The softirq is done with it.
    decision finish(const sk_buff& skb);
    // Packets that wait: out of order, or fragments.
    std::uint64_t held() const { return m_held.size(); }

private:
    struct packet_account {
        picoseconds arrival, handed_on;
        std::uint64_t bits = 0;
        drop_reason dropped = drop_reason::NOT_DROPPED_YET;
        std::optional<drop_reason> settled{};  // after it began to wait
    };

    static decision decision_of(drop_reason settled, picoseconds at, const packet_account& packet);
    static decision decide(const sk_buff& skb, const packet_account& packet);

    packet_table<packet_account> m_at_work;
    std::unordered_map<std::uint64_t, packet_account> m_held;
};

}  // namespace rxpath
