// Numbers into a packet's bytes, in network byte order.
#pragma once

#include <cstdint>

namespace rxpath {

inline void store_be16(std::uint8_t* at, std::uint32_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}

inline void store_be32(std::uint8_t* at, std::uint32_t value) {
    store_be16(at, value >> 16);
    store_be16(at + 2, value);
}

}  // namespace rxpath
