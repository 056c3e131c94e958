// The files of `rxpath run --out`, opened before the run so that it is not in vain, all written after it or none. A
// format is a run_output, and has its line in run_outputs.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "models/softirq/run_events.h"
#include "sim/result/run_result.h"
#include "sim/scenario/scenario.h"
#include "sim/support/output_folder.h"

namespace rxpath {

struct finished_run {
    const scenario& from;
    const nlohmann::ordered_json& description;  // of what was run
    const run_result& result;
    const measurements& measured;
};

// One file.
class run_output {
public:
    virtual ~run_output() = default;

    virtual std::string_view name() const = 0;
    // Who listens to the run for it; null when its end is all that it needs.
    virtual run_observer* listener() { return nullptr; }
    virtual void write(const finished_run& run, output_file& file) = 0;
};

class run_outputs {
public:
    // Throws input_error when a file cannot be made, or would replace one of `read`.
    run_outputs(const std::string& folder, const std::vector<std::filesystem::path>& read);

    std::vector<run_observer*> listeners() const;
    // Throws std::runtime_error when not all could be written; then nothing of the folder has changed.
    void write(const finished_run& run);

private:
    struct opened {
        std::unique_ptr<run_output> output;
        output_file* file;
    };

    std::vector<opened> m_outputs;
    std::unique_ptr<output_folder> m_folder;
};

}  // namespace rxpath
