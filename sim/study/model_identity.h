// What a run's numbers come from beside its scenario, so that a study knows its runs again.
#pragma once

#include <string>

#include "models/base/host_spec.h"

namespace rxpath {

// A fingerprint of the program's version and code, and of the data it prices with: the core's profile, whether shipped
// or in files, and what is built in of memory and CPUs. Throws std::invalid_argument for a profile that is wrong.
std::string model_identity(const cpu_spec& cpu);

}  // namespace rxpath
