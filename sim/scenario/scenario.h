// A scenario file, checked and resolved: what to simulate, its variants, and what must hold.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/base/host_spec.h"
#include "sim/parameter/parameters.h"
#include "sim/scenario/expectation.h"

namespace rxpath {

// One way to run the scenario: settings over its own values.
struct variant {
    std::vector<setting> set;
    std::string name() const;  // "net.ipv4.tcp_early_demux=1"
};

// Each variant with each of a parameter's values; the variants change slowest.
std::vector<variant> crossed(const std::vector<variant>& variants, const std::string& name,
                             const std::vector<std::string>& values);

struct scenario {
    std::string file;
    std::string title;               // the comment in the first line
    std::vector<std::string> notes;  // what whoever reads the results must know, a sentence each
    host_spec host;
    std::vector<variant> variants;                   // of [compare], in the order written; the last is the baseline
    std::vector<std::filesystem::path> inputs;       // the file and its captures: what no output may replace
    std::vector<expectation> expectations;           // of one run; of the first variant in a comparison
    std::vector<expectation> compared_expectations;  // of what the variants differ in: "saved.NAME", "ratio.NAME"
    std::string text;                                // the file's
    std::string identity;  // equal texts simulate the same: file without comments, settings, captures

    // The host with a variant's settings. Throws input_error when they do not fit.
    host_spec with(const variant& chosen) const;
};

// Reads, resolves, applies `settings` and checks. `points`, if given, stand in for the variants of [compare].
// Throws input_error with everything that is wrong.
scenario load_scenario(const std::string& file, const std::vector<setting>& settings = {},
                       std::vector<variant> points = {});

}  // namespace rxpath
