// One CPU core: its clock, and who has it. The receive softirq comes before tasks and runs to completion; a task that
// it interrupts goes on afterwards. Tasks (applications, configuration commands) run first come, first served.
//
// Of one picosecond's events an interrupt comes first, then the end of a task; tasks that are asked for in one
// picosecond run in the order of `task_source` (docs/decisions/0009-events-of-one-picosecond.md).
//
// In fast timing the softirq runs ahead of SystemC's time by local_offset(); synchronise() brings SystemC's time up to
// it. Left out: several runnable threads sharing the core by time slices, ksoftirqd.
#pragma once

#include <functional>
#include <systemc>
#include <utility>

#include "models/base/growing_queue.h"
#include "models/base/host_spec.h"
#include "models/base/units.h"
#include "models/softirq/simulated_time.h"

namespace rxpath {

// Who asks for a task.
enum class task_source : std::uint8_t { command, timer, recorded_host, wake_up, application };

class core : public sc_core::sc_module {
public:
    core(const sc_core::sc_module_name& name, const cpu_spec& spec);

    sc_core::sc_time to_time(cycles amount) const;
    // The core's own time: SystemC's plus what the softirq is ahead.
    picoseconds now() const;

    void begin_softirq();
    void end_softirq();
    bool in_softirq() const { return m_in_softirq; }

    // Fast timing: the softirq's work takes `amount` of the core's own time.
    void advance(cycles amount) { m_local_offset += to_time(amount); }
    const sc_core::sc_time& local_offset() const { return m_local_offset; }
    void synchronised() { m_local_offset = sc_core::SC_ZERO_TIME; }

    // Runs a task of that length when the core is free, then calls `done`, which may submit more. Tasks are served in
    // the order of their requests; a wake-up is requested at the core's own time, all others at SystemC's. `done`
    // allocates nothing when it captures two pointers or less.
    void submit(task_source source, cycles length, std::function<void()> done);
    bool idle() const { return !m_in_softirq && m_tasks.empty(); }
    // Until now, and when it last was.
    picoseconds busy() const;
    picoseconds last_busy() const { return m_last_busy; }

private:
    struct task {
        picoseconds requested;
        task_source source;
        sc_core::sc_time left;
        std::function<void()> done;
    };

    static bool is_before(const task& one, const task& other);
    void start_task();
    void stop_task();
    void finish_task();
    void note_busy_since(const sc_core::sc_time& start);

    double m_picoseconds_per_cycle;
    sc_core::sc_time m_local_offset;
    bool m_in_softirq = false, m_task_running = false;
    bool m_task_settling = false;  // its time is over; an interrupt of this time would still come first
    sc_core::sc_time m_started;    // of the softirq or of the task that has the core
    growing_queue<task> m_tasks;
    sc_core::sc_event m_task_done;
    picoseconds m_busy, m_last_busy;
};

}  // namespace rxpath
