// The receive softirq of one core, as its stages share it: the trace they write, what that costs, what they decided.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/cpu/core.h"
#include "models/cpu/trace_meter.h"
#include "models/measurements.h"

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
    // A stage has worked: prices what it recorded, passes on what it sent and whom it woke. Answers the cycles it
    // takes. `packet` is whom to count it for; null: all packets of the run.
    cycles charge(stage worked, const sk_buff* packet);

    // What a task does in the kernel outside the softirq: recv(), close(), timers. end_task() prices it for the
    // application, passes on what it sent, and answers the cycles it takes.
    receive_context& begin_task();
    cycles end_task();

    // So many packets passed a stage.
    void count_packets(stage passed, std::uint64_t packets);
    // Packets of the run. take() fills a free sk_buff; finish() measures its fate and frees it.
    sk_buff& take(const packet& from, net_device& dev, picoseconds arrival);
    void finish(sk_buff& skb);
    // The socket layer is done with it, `worked` from now.
    void received(sk_buff& skb, cycles worked);

    // An application has read a packet that was delivered.
    void read(std::uint64_t number, picoseconds arrival, picoseconds at);

    // The warm-up is over: what was counted is forgotten. Between two runs.
    void measure_from_now();
    // Gives away what was counted; what follows counts no more. Between two runs, too.
    measurements end_measuring();
    std::uint64_t packets_taken() const { return m_packets_taken; }

private:
    void pass_on();
    void note_drops();
    void count_fate(const sk_buff& skb, packet_outcome outcome);
    void share_run_work();
    void keep_record(const sk_buff& skb);
    void count_arrival(const sk_buff& skb);
    packet_record* record_of(std::uint64_t number);

    core& m_core;
    measurements& m_result;
    call_trace m_trace;
    receive_context m_context;
    trace_meter m_meter;
    observers m_outside;
    std::vector<std::unique_ptr<sk_buff>> m_all;
    std::vector<sk_buff*> m_free;
    std::vector<drop_reason> m_drop_of;  // by packet of this run
    std::vector<stage> m_stage_of_call;
    work m_shared;  // of this run, for no packet alone
    cycles m_run_cycles;
    std::uint64_t m_packets_taken = 0, m_first_of_run = 1, m_explained;
    bool m_keep_records;
};

}  // namespace rxpath
