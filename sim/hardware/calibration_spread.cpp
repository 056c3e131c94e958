#include "sim/hardware/calibration_spread.h"

#include "sim/hardware/validation.h"

namespace rxpath {

namespace {

constexpr std::string_view measured_model = "zen3";

}  // namespace

std::optional<calibration_spread> spread_of_calibration(std::string_view cpu_model) {
    if (cpu_model != measured_model) return {};
    const auto base = shipped_groups().front();
    const auto& saved = base.saved_cycles;
    return calibration_spread{base.runs, saved.least / saved.median, saved.most / saved.median};
}

}  // namespace rxpath
