// What a task does in the kernel outside the softirq: recv(), close(), timers. Between begin() and end() the semantics
// write the core's trace; it is priced for the application.
#pragma once

#include "models/softirq/core_work.h"

namespace rxpath {

class kernel_task {
public:
    kernel_task(const host_spec& spec, core_work& work) : m_work(work), m_explains(spec.explain_packet != 0) {}

    core& cpu() { return m_work.cpu(); }
    const run_observers& observers() const { return m_work.observers(); }

    receive_context& begin() {
        m_work.begin(false, m_explains);
        observers().tell(&run_observer::began, run_began{run_kind::task, cpu().now(), m_none});
        return m_work.context();
    }
    // Answers the cycles it takes; `packets` are those it was done for, none: the last one taken.
    cycles end(const packet_numbers& packets = {}) {
        const auto taken = m_work.charge(stage::application, 0);
        observers().tell(&run_observer::ended, run_ended{run_kind::task, m_work.priced(), packets, m_none.sk_buffs});
        return taken;
    }

private:
    core_work& m_work;
    const bool m_explains;
    const run_packets m_none;
};

}  // namespace rxpath
