// The receive softirq of one core, as its stages share it: the trace they write, what that costs, what they decided.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "models/base/measurements.h"
#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/cpu/trace_meter.h"
#include "models/softirq/core.h"
#include "models/softirq/fate_ledger.h"
#include "models/softirq/packet_accounts.h"
#include "models/softirq/packet_outcomes.h"

namespace rxpath {

class softirq_run {
public:
    // What goes on outside the softirq, at the core's own time.
    struct observers {
        std::function<void(picoseconds, const sent_packet&)> sent;
        std::function<void(sock_common&)> woken;
        std::function<void(const dropped_packet&)> dropped;
        std::function<void(const call_trace&, cycles)> traced;  // at the end of each run
        std::function<void()> ended;                            // and when the core has left it
    };

    softirq_run(const host_spec& spec, const kernel_profile& profile, core& cpu, random_source& random,
                measurements& result);

    core& cpu() { return m_core; }
    receive_context& context() { return m_context; }
    observers& outside() { return m_outside; }

    // `at_once`: after another run, so that the caches have what that one used.
    void begin(bool at_once = false);
    void end();
    // The run began with that much for an interrupt's entry.
    void interrupted(cycles entry) { m_interrupts += entry; }
    // A stage has worked: prices what it recorded, passes on what it sent and whom it woke. Answers the cycles it
    // takes. `packet` is whom to count it for; null: all packets of the run.
    cycles charge(stage worked, const sk_buff* packet);

    // What a task does in the kernel outside the softirq: recv(), close(), timers. end_task() prices it for the
    // application, passes on what it sent, and answers the cycles it takes; `packets` are those it was done for, none:
    // the last one taken.
    receive_context& begin_task();
    cycles end_task(const std::vector<std::uint64_t>& packets = {});

    // So many packets passed a stage.
    void count_packets(stage passed, std::uint64_t packets);
    // Packets of the run. take() fills a free sk_buff; finish() measures its fate and frees it.
    sk_buff& take(const packet& from, net_device& dev, picoseconds arrival);
    void finish(sk_buff& skb);
    // The socket layer is done with it, `worked` from now.
    void received(sk_buff& skb, cycles worked);

    // An application has read a packet that was delivered.
    void read(std::uint64_t number, picoseconds arrival, picoseconds at);

    // The packet whose charge is being passed on; 0: none.
    std::uint64_t charged_packet() const { return m_charged; }
    packet_accounts& accounts() { return m_accounts; }

    // The warm-up is over: what was counted is forgotten. Between two runs.
    void measure_from_now();
    // Gives away what was counted; what follows counts no more. Between two runs, too.
    measurements end_measuring();
    std::uint64_t packets_taken() const { return m_packets_taken; }
    // The sk_buffs that are not free; none between two runs.
    std::vector<const sk_buff*> packets_at_work() const;

private:
    void pass_on(picoseconds done_at);
    void note_fates(picoseconds done_at);
    void note_in_record(std::uint64_t number, const std::optional<packet_outcomes::decision>& decided);
    void share_interrupts();
    void note_way(const sk_buff& skb);
    void name(const net_device& dev);
    priced_trace priced(cycles whole) const;
    void count_arrival(const sk_buff& skb);

    core& m_core;
    measurements& m_result;
    call_trace m_trace;
    receive_context m_context;
    trace_meter m_meter;
    packet_outcomes m_outcomes;
    observers m_outside;
    std::optional<fate_ledger> m_fates;  // when host_spec::keep_fates
    std::vector<std::unique_ptr<sk_buff>> m_all;
    std::vector<sk_buff*> m_free;
    std::vector<stage> m_stage_of_call;
    cycles m_run_cycles, m_interrupts;
    std::uint64_t m_packets_taken = 0, m_first_of_run = 1, m_charged = 0;
    packet_accounts m_accounts;
};

}  // namespace rxpath
