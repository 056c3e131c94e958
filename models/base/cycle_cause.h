// Why a core's cycles pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rxpath {

enum class cycle_cause : std::uint8_t {
    instructions,  // at the rate that the core sustains
    calls,         // returns and indirect calls that mispredict by design
    code,          // lines of code that were not in the L1I, and the branches in them that mispredict
    data,          // lines of data that were not in the L1D
    count
};
constexpr std::size_t cycle_cause_count = static_cast<std::size_t>(cycle_cause::count);

constexpr std::string_view to_string(cycle_cause cause) {
    constexpr std::string_view names[] = {"instructions", "calls", "code", "data"};
    return names[static_cast<std::size_t>(cause)];
}

using cycles_by_cause = std::array<double, cycle_cause_count>;

}  // namespace rxpath
