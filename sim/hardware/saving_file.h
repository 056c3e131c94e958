// Files of measured savings, as tools/measure writes and rxpath validate reads them: CSV with one header line.
//
// A row is one configuration in one run: what a write() of a packet to a TAP device takes in ticks of the time stamp
// counter with net.ipv4.tcp_early_demux 0 (off_tsc) and 1 (on_tsc), percentiles of what 1 saves, and how many ticks a
// core cycle had. Only ratios within a run compare: the core's clock changes between runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/hardware/measured_configuration.h"

namespace rxpath {

struct saving_row {
    std::uint32_t run = 1;
    std::size_t line = 0;  // of the file it was read from
    measured_configuration host;
    double off_tsc = 0, on_tsc = 0;                      // medians of blocks, > 0
    double saved_p10 = 0, saved_p50 = 0, saved_p90 = 0;  // of the differences between neighbouring blocks
    double tsc_per_core_cycle = 0;                       // > 0

    double saved_core_cycles() const { return saved_p50 / tsc_per_core_cycle; }
    double on_core_cycles() const { return on_tsc / tsc_per_core_cycle; }
    double saved_share() const { return saved_p50 / on_tsc; }
};

// At least one row; columns in any order. Throws input_error with all that is wrong: file, line, column, found,
// allowed.
std::vector<saving_row> read_saving_file(const std::string& file);
// The same from a text; `name` is what errors call it.
std::vector<saving_row> parse_savings(const std::string& text, const std::string& name);

std::string to_csv(const std::vector<saving_row>& rows);

}  // namespace rxpath
