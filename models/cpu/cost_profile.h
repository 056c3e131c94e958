// What a call costs in instructions, loads and stores: a base for each function and an amount for each step it takes.
//
// The numbers are data: CSV files in models/cpu/profiles, with the source of every row,
// `function,step,instructions,loads,stores,source`. An empty step is the base. Every function that can be recorded has
// a base; a row's source begins with measured, disassembly or assumed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/cpu/function_part.h"

namespace rxpath {

struct instruction_cost {
    std::int32_t instructions = 0, loads = 0, stores = 0;
};

// A text and what errors call it: the file it came from.
struct named_text {
    std::string name, text;
};

// A row as it stands in the file.
struct profile_row {
    function_number function;
    std::string step;  // empty: the base
    instruction_cost cost;
    std::string source;
    std::string where;  // file and line
};

class cost_profile {
public:
    // The profile that the program was built with: Linux 6.12, x86-64.
    static const cost_profile& built_in();
    // Reads a profile. Throws std::invalid_argument naming the file (`name`), the line and what is wrong with it: a
    // base below zero, and a step that takes more away than its function's base has, are wrong.
    static cost_profile parse(std::string_view csv, std::string_view name);
    // The same of several files; `name` is what they are called together.
    static cost_profile parse(const std::vector<named_text>& files, std::string_view name);
    // The same, with `factor` times the instructions, loads and stores of every row whose source is assumed.
    cost_profile with_assumed_times(double factor) const;

    const instruction_cost& base(function_number function) const { return m_costs[m_parts.base(function)]; }
    const instruction_cost& step(function_number function, std::size_t index) const {
        return m_costs[m_parts.step(function, index)];
    }
    const std::vector<profile_row>& rows() const { return m_rows; }

private:
    void add_line(std::string_view line, const std::string& where);
    void add_row(profile_row row, const std::string& where);
    void put(const profile_row& row);
    void check_complete(std::string_view name) const;
    void check_sums() const;

    function_parts m_parts = function_parts::all();
    std::vector<instruction_cost> m_costs = std::vector<instruction_cost>(m_parts.count());
    std::vector<profile_row> m_rows;
};

}  // namespace rxpath
