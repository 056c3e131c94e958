// What happens on a core, told as it happens to whoever listens: statistics, records, explain, traces, the other end of
// the wire. The stages know none of them.
//
// A run is one of the softirq or a task in the kernel. References in an event are good for as long as the call.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/decision.h"
#include "models/base/measurements.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/softirq/packet_numbers.h"

namespace rxpath {

enum class run_kind : std::uint8_t { softirq, task };

// A trace with what its calls cost, without callees.
struct priced_trace {
    const call_trace& trace;
    const std::vector<double>& cycles_of_calls;
    const std::vector<stage>& stages_of_calls;  // that were charged for them; empty when no packet is explained
    cycles whole{};                             // what was waited for: whole cycles at each hand-over
};

struct run_began {
    run_kind kind;
    picoseconds at;
    const run_packets& packets;  // lives as long as the run, which adds those that it takes
};

// The core took a packet from a ring or from its backlog.
struct packet_taken {
    const sk_buff& skb;
    std::uint64_t bits;  // of its frame on the wire
};

// So many packets went through a stage.
struct stage_passed {
    stage passed;
    std::uint64_t packets;
};

// A stage worked for the packets in an sk_buff, `from` when `to` when; 0: for all of the run.
struct stage_charged {
    stage worked;
    std::uint64_t sk_buff;
    picoseconds from, to;
    const work& done;
    const call_trace& trace;  // up to here
};

// Cycles beside the calls: they pass; and whose they are, once that is known.
struct fixed_charged {
    stage worked;
    fixed_cost what;
    cycles taken;
};
struct fixed_shared {
    fixed_cost what;
    cycles whole;
    const packet_numbers& packets;  // none: the last one taken
};

// What has become of a packet, once for each.
struct packet_decided {
    std::uint64_t number;
    packet_outcome outcome;
    drop_reason reason;       // NOT_DROPPED_YET unless it was dropped
    picoseconds arrival, at;  // on its socket, or on the next wire's queue
    std::uint64_t bits;       // of its frame on the wire
    const sk_buff* skb;       // null when it was held before: an earlier run took it
    // Forwarded: the device and the gateway that its dst names; unspecified: its destination itself.
    const net_device* left_by;
    ipv4_address gateway;
};

struct packet_sent {
    picoseconds at;
    const sent_packet& packet;
};

// sock_def_readable(); `by`: the packet that was worked on, 0: none.
struct socket_woken {
    sock_common& sk;
    std::uint64_t by;
};

struct packet_read {
    std::uint64_t number;
    picoseconds arrival, at;
};

struct run_ended {
    run_kind kind;
    const priced_trace& done;
    // softirq: those it took. task: those it was done for; none: the last one taken before it.
    const packet_numbers& packets;
    // softirq: the sk_buff that each travels in, by which the trace's calls name them. task: none, its calls name
    // nobody.
    const packet_numbers& sk_buffs;
};

class run_observer {
public:
    virtual ~run_observer() = default;

    virtual void began(const run_began& /*run*/) {}
    virtual void taken(const packet_taken& /*packet*/) {}
    virtual void passed(const stage_passed& /*packets*/) {}
    virtual void charged(const stage_charged& /*charge*/) {}
    virtual void charged_fixed(const fixed_charged& /*charge*/) {}
    virtual void shared_fixed(const fixed_shared& /*charge*/) {}
    virtual void decided(const packet_decided& /*packet*/) {}
    virtual void dropped(const dropped_packet& /*packet*/) {}
    virtual void sent(const packet_sent& /*packet*/) {}
    virtual void woken(const socket_woken& /*socket*/) {}
    virtual void accepted_connection() {}
    virtual void read(const packet_read& /*packet*/) {}
    virtual void counted(const snmp_counters& /*more*/) {}
    virtual void polled_device() {}
    virtual void squeezed_time() {}
    virtual void ended(const run_ended& /*run*/) {}
    // The softirq has given the core back, after ended().
    virtual void left_core() {}
};

// Those who listen to a core, told in the order in which they came. They outlive it.
class run_observers {
public:
    void add(run_observer& observer) { m_observers.push_back(&observer); }

    // tell(&run_observer::sent, event)
    template <class Method, class... Event>
    void tell(Method method, const Event&... event) const {
        for (auto* observer : m_observers) (observer->*method)(event...);
    }

private:
    std::vector<run_observer*> m_observers;
};

}  // namespace rxpath
