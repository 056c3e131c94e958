// What a frame takes of a link (IEEE 802.3: preamble 8, header 14, check sequence 4, gap 12 bytes; 64 bytes at least).
#pragma once

#include "models/base/units.h"

namespace rxpath {

// Bits, of a frame with `size` bytes from the IP header on.
std::uint64_t frame_bits(byte_count size);
// How long it holds the link.
picoseconds frame_time(byte_count size, std::uint64_t bits_per_second);

}  // namespace rxpath
