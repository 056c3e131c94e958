// Predictions beside measurements. A core's clock changes between runs, so what compares is a ratio within a run:
// growth, the saving of a configuration as a share of its `on`, over that of the base in the same run. The base is the
// configuration of the first row; of it the saved core cycles are compared.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/hardware/saving_file.h"
#include "sim/hardware/saving_prediction.h"
#include "sim/result/run_result.h"
#include "sim/support/table.h"

namespace rxpath {

// Over the runs.
struct spread {
    double median = 0, least = 0, most = 0;
    bool holds(double value) const { return value >= least && value <= most; }
};
// Of at least one value.
spread spread_of(std::vector<double> values);

// All runs of one configuration.
struct measured_group {
    measured_configuration host;
    std::size_t runs = 0;
    spread growth;        // 1 for the base
    spread saved_cycles;  // core cycles a packet
    spread on_cycles;     // a packet takes with early demux
};
// In the order of their first rows. Throws input_error when the base is missing in a run; `name` is the file's.
std::vector<measured_group> group_by_configuration(const std::vector<saving_row>& rows, const std::string& name);

// Those of sim/hardware/measurements/native.csv.
std::vector<measured_group> shipped_groups();

// `undecided`: one run alone has no range to be in.
enum class verdict : std::uint8_t { holds, fails, undecided };
constexpr double allowed_growth_error = 0.15;  // of the measured median, for one flow; several: the range of the runs

struct validated_group {
    measured_group measured;
    double predicted_growth = 0, predicted_saved_cycles = 0, predicted_on_cycles = 0;
    verdict result = verdict::undecided;
};
// The base comes first in both; a prediction for each group.
std::vector<validated_group> validate(const std::vector<measured_group>& groups,
                                      const std::vector<saving_prediction>& predictions);
bool any_fails(const std::vector<validated_group>& groups);

// The model's free numbers were chosen so that these configurations come out as in native.csv; all others are
// predictions.
bool is_fitted(const measured_configuration& configuration);

// {"rows": [{"routes": ..., "measured_growth": ..., "predicted_growth": ..., ...}]}
json to_json(const std::vector<validated_group>& groups);
std::string validation_text(const std::vector<validated_group>& groups, const text_style& style);

}  // namespace rxpath
