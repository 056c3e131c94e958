// How far apart the measured savings lie that a model of a CPU was calibrated to: what it predicts can be no surer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace rxpath {

// Of the base configuration in sim/hardware/measurements/native.csv: the saved core cycles of its runs, by their
// median.
struct calibration_spread {
    std::size_t runs = 0;
    double least = 1, most = 1;

    // From the lower to the higher, where what is predicted as `saved` may lie.
    std::pair<double, double> around(double saved) const { return std::minmax({saved * least, saved * most}); }
};

// Of cpu.model; nothing for one that no measurement is shipped of.
std::optional<calibration_spread> spread_of_calibration(std::string_view cpu_model);

}  // namespace rxpath
