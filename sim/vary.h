// The axes of a sweep: --vary key=1,2,4..64.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/parameters.h"
#include "sim/scenario.h"

namespace rxpath {

struct axis {
    std::string name;
    std::vector<std::string> texts;
};

// "nic.ring=64,128..1024": values and ranges. a..b doubles from a up to b; a..b:s goes by s. A unit after b counts for
// a and s too. Throws input_error when the parameter or one of the values is not allowed.
axis parse_axis(std::string_view text);

// Every combination; the first axis changes slowest.
std::vector<variant> points_of(const std::vector<axis>& axes);

}  // namespace rxpath
