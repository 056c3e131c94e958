#include "models/wire/frame_time.h"

#include <algorithm>

namespace rxpath {

std::uint64_t frame_bits(byte_count size) {
    constexpr std::uint64_t header_and_check = 18, least = 64, preamble_and_gap = 20;
    return (std::max(size.value + header_and_check, least) + preamble_and_gap) * 8;
}

picoseconds frame_time(byte_count size, std::uint64_t bits_per_second) {
    return {frame_bits(size) * picoseconds_per_second / bits_per_second};
}

}  // namespace rxpath
