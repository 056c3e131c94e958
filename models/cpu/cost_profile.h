// What a call costs in instructions, loads and stores: a base for each function and an amount for each step it takes.
//
// The numbers are data: CSV files in models/cpu/profiles, with the source of every row,
// `function,step,instructions,loads,stores,source`. An empty step is the base. Every function that can be recorded has
// a base; a row's source begins with measured, disassembly or assumed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/kernel_function.h"
#include "models/host_spec.h"

namespace rxpath {

struct instruction_cost {
    std::int32_t instructions = 0, loads = 0, stores = 0;
};

// A row as it stands in the file.
struct profile_row {
    fn function;
    std::string step;  // empty: the base
    instruction_cost cost;
    std::string source;
};

class cost_profile {
public:
    // The profile that the program was built with: Linux 6.12, x86-64.
    static const cost_profile& built_in();
    // Reads a profile. Throws std::invalid_argument naming the file (`name`), the line and what is wrong with it.
    static cost_profile parse(std::string_view csv, std::string_view name);
    // `place`: the name of a shipped profile (a folder in models/cpu/profiles), a file, or a folder, whose *.csv files
    // are read in the order of their names.
    static cost_profile load(const std::string& place);
    // The one that a core is to have: its file or the built-in one, with its factor on the assumed rows.
    static cost_profile of(const cpu_spec& cpu);

    // The same, with `factor` times the instructions, loads and stores of every row whose source is assumed.
    cost_profile with_assumed_times(double factor) const;

    const instruction_cost& base(fn function) const { return m_base[static_cast<std::size_t>(function)]; }
    const instruction_cost& step(fn function, std::size_t index) const {
        return m_steps[static_cast<std::size_t>(function)][index];
    }
    const std::vector<profile_row>& rows() const { return m_rows; }

private:
    void add_line(std::string_view line, const std::string& where);
    void add_row(profile_row row, const std::string& where);
    void put(const profile_row& row);
    void check_complete(std::string_view name) const;

    std::array<instruction_cost, function_count> m_base{};
    std::array<std::array<instruction_cost, most_steps>, function_count> m_steps{};
    std::vector<profile_row> m_rows;
};

}  // namespace rxpath
