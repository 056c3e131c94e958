#include "models/machine/measurement_window.h"

#include <algorithm>
#include <utility>

namespace rxpath {

measurement_window::measurement_window(const sc_core::sc_module_name& name, const host_spec& spec,
                                       host_module& measured)
    : sc_module(name), m_spec(spec), m_host(measured), m_before(spec.nics.size()) {
    SC_HAS_PROCESS(measurement_window);
    SC_METHOD(time_has_come);
    sensitive << m_time;
    dont_initialize();
    m_host.observe(*this);
    if (m_spec.warmup_packets == 0 && m_spec.warmup == picoseconds{}) begin();
    wait_for_time(m_phase == phase::warm_up ? m_spec.warmup : m_spec.duration);
}

void measurement_window::wait_for_time(picoseconds time) {
    if (time != picoseconds{}) m_time.notify(to_sc_time(time));
}

void measurement_window::time_has_come() {
    m_due = true;
    sc_core::sc_pause();
}

void measurement_window::left_core() {
    if (!phase_is_over()) return;
    turn();
    sc_core::sc_pause();
}

bool measurement_window::phase_is_over() const {
    const auto has_passed = [](picoseconds length, picoseconds since) {
        return length != picoseconds{} && simulated_now() >= since + length;
    };
    if (m_phase == phase::measured) return has_passed(m_spec.duration, m_begin);
    const auto packets = m_spec.warmup_packets;
    return m_phase == phase::warm_up &&
           (has_passed(m_spec.warmup, {}) || (packets != 0 && m_host.counted().packets_received >= packets));
}

void measurement_window::settle() {
    if (!m_turned && !m_due) return;
    while (sc_core::sc_pending_activity_at_current_time()) sc_core::sc_start(sc_core::SC_ZERO_TIME);
    if (phase_is_over() && !m_host.core().cpu.in_softirq()) turn();
    m_due = false;
    if (std::exchange(m_turned, false)) note_outside();
}

void measurement_window::turn() {
    m_turned = true;
    if (m_phase == phase::warm_up)
        begin();
    else
        end(simulated_now());
}

void measurement_window::begin() {
    m_phase = phase::measured;
    m_begin = simulated_now();
    m_busy_before = m_host.core().cpu.busy();
    m_host.measure_from_now();
}

void measurement_window::end(picoseconds now) {
    m_phase = phase::over;
    m_measured = m_host.end_measuring();
    m_measured.simulated = now - m_begin;
    m_measured.core_busy = m_host.core().cpu.busy() - m_busy_before;
}

// What a NIC and its wire have counted since time 0.
wire_totals measurement_window::totals_of(std::size_t nic) const {
    const auto& wire = m_host.wire(nic);
    const auto& card = m_host.nic(nic);
    return {wire.offered(), wire.bits_offered(), wire.queue_overflows(), card.overflows(), card.interrupts()};
}

// On the wires and in the rings when the core turned: what it has taken meanwhile was there too.
std::uint64_t measurement_window::frames_outside() const {
    std::uint64_t frames = m_host.counted().packets_received;
    for (std::size_t i = 0; i < m_spec.nics.size(); ++i) frames += m_host.wire(i).under_way() + m_host.nic(i).filled();
    return frames;
}

void measurement_window::note_outside() {
    if (m_phase == phase::measured) {
        for (std::size_t i = 0; i < m_before.size(); ++i) m_before[i] = totals_of(i);
        m_carried_in = frames_outside();
        return wait_for_time(m_spec.duration);
    }
    m_measured.carried_in = m_carried_in;
    m_measured.in_flight = frames_outside();
    const auto seconds = static_cast<double>(m_measured.simulated.value) / picoseconds_per_second;
    for (std::size_t i = 0; i < m_before.size(); ++i) {
        const auto counted = totals_of(i) - m_before[i];
        m_measured.wires = m_measured.wires + counted;
        const auto takes = seconds * static_cast<double>(m_host.wire(i).bits_per_second());
        if (takes > 0)
            m_measured.busiest_wire =
                std::max(m_measured.busiest_wire, static_cast<double>(counted.bits_offered) / takes);
    }
}

// A run without a duration is over when the core has done its last work.
void measurement_window::close() {
    if (m_phase == phase::over) return;
    end(std::max(m_begin, m_host.core().cpu.last_busy()));
    note_outside();
}

}  // namespace rxpath
