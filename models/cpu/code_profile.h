// Where a function's code lies and what a call of it does to the core's front end: the cache lines it executes, its
// returns and its indirect calls.
//
// Data, as the cost profile is: `function,lines,returns,indirect_calls,source` in models/cpu/profiles. A function that
// ends in a jump to another (a tail call) has no return of its own; a closed one counts its whole subtree. A call
// executes its function's lines from the first on, whatever its steps: the recorded median. Functions lie one behind
// the other, as the linker puts them; lines that two share count twice.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "models/base/kernel_function.h"
#include "models/cpu/cache.h"

namespace rxpath {

struct function_code {
    line_address first_line = 0;
    std::uint32_t place = 0;  // among the functions, as they lie
    std::uint32_t lines = 0;
    std::uint32_t returns = 0, indirect_calls = 0;
};

class code_profile {
public:
    // The profile that the program was built with: Linux 6.12, x86-64.
    static const code_profile& built_in();
    // Throws std::invalid_argument naming the file (`name`), the line and what is wrong with it.
    static code_profile parse(std::string_view csv, std::string_view name);

    const function_code& of(function_number function) const { return m_functions[static_cast<std::size_t>(function)]; }

private:
    void take_line(std::string_view line, const std::string& where);
    void place(std::string_view name);

    std::array<function_code, function_count> m_functions{};
};

}  // namespace rxpath
