// SystemC's time in the model's unit, the picosecond: its own resolution, which nobody sets. Times are made and read
// here and nowhere else, and here the resolution is checked.
#pragma once

#include <systemc>

#include "models/base/units.h"

namespace rxpath {

// For the whole process, before time begins. Reports an error when somebody has chosen another resolution.
inline void count_in_picoseconds() {
    const sc_core::sc_time picosecond{1, sc_core::SC_PS};
    if (sc_core::sc_get_time_resolution() == picosecond && picosecond.value() == 1) return;
    SC_REPORT_ERROR("/rxpath/time", "SystemC's time resolution is not one picosecond");
}

inline picoseconds simulated_now() { return {sc_core::sc_time_stamp().value()}; }
inline picoseconds to_picoseconds(const sc_core::sc_time& time) { return {time.value()}; }
inline sc_core::sc_time to_sc_time(picoseconds time) { return sc_core::sc_time::from_value(time.value); }

// Runs the simulation for so long.
inline void simulate(picoseconds time) { sc_core::sc_start(to_sc_time(time)); }

}  // namespace rxpath
