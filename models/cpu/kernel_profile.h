// What is known of one kernel: what its calls cost and the code that they run.
//
// A profile is a folder: its *.csv are costs (cost_profile.h), and memory/code.csv is the code (code_profile.h).
// Without that file the code is the built-in profile's. Which data a function touches (access_profile.h) is the
// built-in profile's always: of another kernel it would have to be learnt anew.
#pragma once

#include <string>

#include "models/base/host_spec.h"
#include "models/cpu/code_profile.h"
#include "models/cpu/cost_profile.h"

namespace rxpath {

struct kernel_profile {
    cost_profile costs = cost_profile::built_in();
    code_profile code = code_profile::built_in();

    // `place`: the name of a shipped profile, a folder, or a file of costs. Throws std::invalid_argument naming the
    // file, the line and what is wrong with it.
    static kernel_profile load(const std::string& place);
    // The one that a core is to have: its place or the built-in one, with its factor on assumed costs.
    static kernel_profile of(const cpu_spec& cpu);
};

}  // namespace rxpath
