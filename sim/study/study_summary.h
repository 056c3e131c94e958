// The table at the end of a sweep: a line a point.
#pragma once

#include <string>
#include <vector>

#include "sim/study/study.h"
#include "sim/support/table.h"

namespace rxpath {

// `rows` are those of the study's runs in their order; null for a run that could not complete. The saving stands there
// when a parameter of [compare] is varied: cycles a packet on the receive path at the point with that parameter's last
// value, minus this one's. Points whose packets do not fare alike have none.
std::string study_summary(const study& whole, const std::vector<json>& rows, const text_style& style);

}  // namespace rxpath
