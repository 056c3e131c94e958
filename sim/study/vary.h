// The axes of a sweep: --vary key=1,2,4..64.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/parameter/parameters.h"
#include "sim/scenario/scenario.h"

namespace rxpath {

// Of an axis, and of a study.
constexpr std::size_t most_points = 100'000;

struct axis {
    std::string name;
    std::vector<std::string> texts;
};

// "nic.ring=64,128..1024:*2": values and ranges. a..b counts by ones from a to b, a..b:s by s, and a..b:*f multiplies
// by f. Both ends belong to a range; one that does not come to its end is refused. A unit after b counts for a and s
// too. Throws input_error when the parameter or one of the values is not allowed, or there are more than most_points.
axis parse_axis(std::string_view text);

// Every combination; the first axis changes slowest. Throws input_error when there are more than most_points.
std::vector<variant> points_of(const std::vector<axis>& axes);

}  // namespace rxpath
