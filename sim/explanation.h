// One packet's way through the stack as text: the calls as a tree, what each cost, the steps it took and why.
#pragma once

#include <string>

#include "models/cpu/cost_profile.h"
#include "models/host_spec.h"
#include "models/measurements.h"
#include "sim/table.h"

namespace rxpath {

// What was decided for it and what it cost: `record` is the packet that spec.explain_packet names.
std::string explanation_header(const packet_record& record, const cpu_spec& cpu, const text_style& style);

// The calls of the poll that took the packet. Instructions are own ones and those with all callees; cycles are of the
// own.
std::string explanation_tree(const measurements& measured, const cost_profile& profile, const text_style& style);

}  // namespace rxpath
