// What a run found, as text: stages, latency, decisions, drops, events.
#pragma once

#include <string>

#include "sim/result/run_result.h"
#include "sim/scenario/scenario.h"
#include "sim/support/table.h"

namespace rxpath {

// Says nothing about the machine that simulated: the same for every run of the scenario.
std::string report_text(const scenario& from, const run_result& result, const text_style& style);

// "simulated 20,000 packets in 0.05 s: 400,000 packets/s"
std::string wall_line(const run_result& result);

}  // namespace rxpath
