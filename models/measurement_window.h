// The measured part of a run. It begins when the warm-up is over (host_spec::warmup_packets, host_spec::warmup) and
// ends with host_spec::duration or with the run.
//
// Both ends lie between two runs of the softirq, so that the packets of one poll stay together. What the core does is
// counted from there on. Wires and NICs work beside it: all that they do in that picosecond comes before, in whatever
// order SystemC calls them, and so exact and fast timing agree.
#pragma once

#include <systemc>

#include "models/machine.h"
#include "models/measurements.h"

namespace rxpath {

class measurement_window : public sc_core::sc_module {
public:
    measurement_window(const sc_core::sc_module_name& name, const host_spec& spec, machine& measured);

    // After each sc_start(), which returns when an end of the window has come.
    void settle();
    // The duration has passed: nothing that follows is measured.
    bool over() const { return m_phase == phase::over; }
    // The run is at its end.
    void close();
    const measurements& measured() const { return m_measured; }

private:
    enum class phase : std::uint8_t { warm_up, measured, over };

    // What wires and NICs have counted since time 0.
    struct outside_counts {
        std::uint64_t ring_overflows = 0, interrupts = 0;
    };

    void wait_for_time(picoseconds time);
    void time_has_come();
    void softirq_ended();
    bool phase_is_over() const;
    void turn();
    void begin();
    void end(picoseconds now);
    outside_counts count_outside() const;
    void note_outside();

    const host_spec& m_spec;
    machine& m_machine;
    phase m_phase = phase::warm_up;
    bool m_turned = false;  // an end of the window has come, what is outside is not noted yet
    bool m_due = false;     // its time has come, perhaps in the middle of a softirq
    picoseconds m_begin{};
    picoseconds m_busy_before{};
    outside_counts m_before;
    measurements m_measured;
    sc_core::sc_event m_time;
};

}  // namespace rxpath
