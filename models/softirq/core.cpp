#include "models/softirq/core.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "models/cpu/core_timing.h"

namespace rxpath {

core::core(const sc_core::sc_module_name& name, const cpu_spec& spec)
    : sc_module(name), m_picoseconds_per_cycle(1000.0 / preset_of(spec).frequency_ghz) {
    SC_HAS_PROCESS(core);
    SC_METHOD(finish_task);
    sensitive << m_task_done;
    dont_initialize();
}

sc_core::sc_time core::to_time(cycles amount) const {
    const auto length = std::llround(static_cast<double>(amount.value) * m_picoseconds_per_cycle);
    return to_sc_time({static_cast<std::uint64_t>(length)});
}

picoseconds core::now() const { return to_picoseconds(sc_core::sc_time_stamp() + m_local_offset); }

void core::note_busy_since(const sc_core::sc_time& start) {
    if (sc_core::sc_time_stamp() == start) return;
    m_busy += to_picoseconds(sc_core::sc_time_stamp() - start);
    m_last_busy = simulated_now();
}

picoseconds core::busy() const {
    const bool somebody_has_it = m_in_softirq || m_task_running;
    return somebody_has_it ? m_busy + to_picoseconds(sc_core::sc_time_stamp() - m_started) : m_busy;
}

void core::begin_softirq() {
    stop_task();
    m_in_softirq = true;
    m_started = sc_core::sc_time_stamp();
}

void core::end_softirq() {
    note_busy_since(m_started);
    m_in_softirq = false;
    start_task();
}

bool core::is_before(const task& one, const task& other) {
    return std::tie(one.requested, one.source) < std::tie(other.requested, other.source);
}

// A task that has only just begun, at this picosecond, gives way to one that comes before it.
void core::submit(task_source source, cycles length, std::function<void()> done) {
    const auto requested = source == task_source::wake_up ? now() : simulated_now();
    task added{requested, source, to_time(length), std::move(done)};
    const auto place = std::upper_bound(m_tasks.begin(), m_tasks.end(), added, is_before);
    if (place == m_tasks.begin()) stop_task();
    m_tasks.insert(place, std::move(added));
    start_task();
}

void core::stop_task() {
    if (!m_task_running) return;
    m_task_done.cancel();
    m_tasks.front().left -= sc_core::sc_time_stamp() - m_started;
    note_busy_since(m_started);
    m_task_running = m_task_settling = false;
}

void core::start_task() {
    if (m_in_softirq || m_task_running || m_tasks.empty()) return;
    m_task_running = true;
    m_started = sc_core::sc_time_stamp();
    m_task_done.notify(m_tasks.front().left);
}

// An interrupt of the very same time comes first, whichever of the two events SystemC looks at first.
void core::finish_task() {
    if (!m_task_running) return;
    if (!m_task_settling) {
        m_task_settling = true;
        return m_task_done.notify(sc_core::SC_ZERO_TIME);
    }
    m_task_settling = false;
    note_busy_since(m_started);
    m_task_running = false;
    const auto done = std::move(m_tasks.front().done);
    m_tasks.pop_front();
    done();
    start_task();
}

}  // namespace rxpath
