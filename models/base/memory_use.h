// Where a core found what it asked for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rxpath {

// Who had the line. other_core: another core's L1 or L2.
enum class memory_level : std::uint8_t { l1, l2, llc, other_core, dram };
constexpr std::size_t memory_level_count = 5;

constexpr std::string_view to_string(memory_level level) {
    constexpr std::string_view names[] = {"l1", "l2", "llc", "other_core", "dram"};
    return names[static_cast<std::size_t>(level)];
}

struct memory_use {
    std::array<std::uint64_t, memory_level_count> data{};  // accesses
    std::array<std::uint64_t, memory_level_count> code{};  // lines of the functions called

    memory_use& operator+=(const memory_use& other) {
        for (std::size_t i = 0; i < memory_level_count; ++i) {
            data[i] += other.data[i];
            code[i] += other.code[i];
        }
        return *this;
    }
};

}  // namespace rxpath
