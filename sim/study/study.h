// What a sweep is made of: the points that are to be run, and the rows that they become.
#pragma once

#include <string>
#include <vector>

#include "sim/result/run_result.h"
#include "sim/scenario/scenario.h"
#include "sim/study/study_database.h"

namespace rxpath {

struct planned_run {
    variant point;
    std::string key;  // of the program, the scenario with its settings, and the point
};

struct study {
    const scenario& from;
    std::vector<setting> fixed;  // of --set: the same in all points
    std::vector<planned_run> runs;

    // The settings of a run: what is fixed, then its point; of a parameter that is set twice the last holds.
    std::vector<setting> settings_of(const planned_run& run) const;
    // The names of all settings.
    std::vector<std::string> setting_names() const;
};

study plan_study(const scenario& from, const std::vector<setting>& fixed);

// What a finished run answers to row_of(): its statistics with their units.
std::string answer_of(const std::vector<statistic>& statistics);
// The row of a run that answered `answer`, made now.
study_row row_of(const study& whole, const planned_run& run, const std::string& answer);

}  // namespace rxpath
