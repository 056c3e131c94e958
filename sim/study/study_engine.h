// Where the runs of a study are made. An engine has its line in study_engine.cpp.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/study/study.h"
#include "sim/support/child_process.h"

namespace rxpath {

class study_engine {
public:
    virtual ~study_engine() = default;
    // Makes these runs of the study, in whatever order; calls done(run, result) here as each ends, with what row_of()
    // takes or why there is nothing.
    using run_done = std::function<void(const planned_run&, const child_result&)>;
    virtual void make(const study& whole, const std::vector<const planned_run*>& runs, const run_done& done) = 0;
};

// `jobs`: runs at a time. "local": a process a run on this machine. Throws input_error when there is no such engine.
std::unique_ptr<study_engine> make_study_engine(const std::string& name, std::size_t jobs);

}  // namespace rxpath
