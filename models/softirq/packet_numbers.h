// Packets of one run by their numbers (sk_buff::number), ascending. Where several cores take packets, those of one run
// do not follow one another.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rxpath {

using packet_numbers = std::vector<std::uint64_t>;

// The packet's place among them, from 0; nothing when it is none of them.
inline std::optional<std::size_t> place_of(std::uint64_t number, const packet_numbers& among) {
    const auto found = std::lower_bound(among.begin(), among.end(), number);
    if (found == among.end() || *found != number) return std::nullopt;
    return static_cast<std::size_t>(found - among.begin());
}

}  // namespace rxpath
