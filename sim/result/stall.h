// What a run says that ended because nothing could go on: packets that a flow never sent, connections that never
// closed.
#pragma once

#include <string>
#include <vector>

#include "models/base/host_spec.h"
#include "models/base/measurements.h"

namespace rxpath {

// A sentence a flow that stalled.
std::vector<std::string> describe_stalls(const measurements& measured, const host_spec& spec);

}  // namespace rxpath
