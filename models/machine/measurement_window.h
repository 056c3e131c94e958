// The measured part of a run. It begins when the warm-up is over (host_spec::warmup_packets, host_spec::warmup) and
// ends with host_spec::duration or with the run.
//
// Both ends lie between two runs of the softirq, so that the packets of one poll stay together. What the core does is
// counted from there on. Wires and NICs work beside it: all that they do in that picosecond comes before, in whatever
// order SystemC calls them, and so exact and fast timing agree.
#pragma once

#include <systemc>

#include "models/base/measurements.h"
#include "models/machine/host_module.h"

namespace rxpath {

class measurement_window : public sc_core::sc_module, public run_observer {
public:
    measurement_window(const sc_core::sc_module_name& name, const host_spec& spec, host_module& measured);

    // After each sc_start(), which returns when an end of the window has come.
    void settle();
    // The duration has passed: nothing that follows is measured.
    bool over() const { return m_phase == phase::over; }
    // The run is at its end.
    void close();
    // What could not go on at the end of the run.
    void note_stalled(std::vector<stalled_flow> flows) { m_measured.stalled = std::move(flows); }
    const measurements& measured() const { return m_measured; }

private:
    enum class phase : std::uint8_t { warm_up, measured, over };

    void wait_for_time(picoseconds time);
    void time_has_come();
    void left_core() override;
    bool phase_is_over() const;
    void turn();
    void begin();
    void end(picoseconds now);
    void note_outside();
    wire_totals totals_of(std::size_t nic) const;
    std::uint64_t frames_outside() const;

    const host_spec& m_spec;
    host_module& m_host;
    phase m_phase = phase::warm_up;
    bool m_turned = false;  // an end of the window has come, what is outside is not noted yet
    bool m_due = false;     // its time has come, perhaps in the middle of a softirq
    picoseconds m_begin{};
    picoseconds m_busy_before{};
    std::vector<wire_totals> m_before;  // of each NIC
    std::uint64_t m_carried_in = 0;
    measurements m_measured;
    sc_core::sc_event m_time;
};

}  // namespace rxpath
