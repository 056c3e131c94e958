// Scenario files made by chance: hosts of all settings, traffic of all kinds, changes while it runs. Each is valid, and
// the same for the same seed anywhere.
#pragma once

#include <cstdint>
#include <string>

namespace rxpath {

// What chance draws from. One that is full of ties has small rings, round clocks, no latencies and rates that divide
// one another, so that much happens in one picosecond.
enum class scenario_kind : std::uint8_t { any, full_of_ties };

std::string make_random_scenario(std::uint64_t seed, scenario_kind kind);

}  // namespace rxpath
