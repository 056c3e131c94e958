// What a core does in the kernel, for the softirq or for a task: the trace that it writes, what that costs, and word of
// what came of it to whoever listens.
#pragma once

#include <vector>

#include "models/base/receive_context.h"
#include "models/cpu/trace_meter.h"
#include "models/softirq/core.h"
#include "models/softirq/packet_outcomes.h"
#include "models/softirq/run_events.h"

namespace rxpath {

class core_work {
public:
    // What is charged is added to `totals`, function by function and by stage. All that is given must outlive it.
    core_work(const host_spec& spec, trace_meter meter, core& cpu, random_source& random, packet_outcomes& outcomes,
              std::array<function_totals, stage_count>& totals);

    core& cpu() { return m_core; }
    receive_context& context() { return m_context; }
    run_observers& observers() { return m_observers; }

    // The trace begins anew. `at_once`: after other work, so that the caches have what that one used. `keep_reasons`:
    // say why.
    void begin(bool at_once, bool keep_reasons);
    // A stage has worked: prices what it recorded, passes on what it sent and whom it woke. Answers the cycles it
    // takes. `sk_buff`: the number of that which it was for; 0: all of the run.
    cycles charge(stage worked, std::uint64_t sk_buff);
    // All that was charged since begin().
    priced_trace priced() const;

private:
    void pass_on(picoseconds done_at, std::uint64_t sk_buff);
    void note_fates(picoseconds done_at);
    void tell_decided(std::uint64_t number, const std::optional<packet_outcomes::decision>& decided);

    core& m_core;
    packet_outcomes& m_outcomes;
    std::array<function_totals, stage_count>& m_totals;
    call_trace m_trace;
    receive_context m_context;
    trace_meter m_meter;
    run_observers m_observers;
    const bool m_explains;
    std::vector<stage> m_stage_of_call;
    cycles m_charged;
};

}  // namespace rxpath
