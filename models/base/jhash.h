// Bob Jenkins' lookup3 over a few words, as the kernel's hash tables use it (include/linux/jhash.h).
#pragma once

#include <cstdint>

namespace rxpath {

constexpr std::uint32_t jhash_initval = 0xdeadbeef;

constexpr std::uint32_t rol32(std::uint32_t word, unsigned shift) { return word << shift | word >> (32 - shift); }

constexpr std::uint32_t __jhash_final(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    c = (c ^ b) - rol32(b, 14);
    a = (a ^ c) - rol32(c, 11);
    b = (b ^ a) - rol32(a, 25);
    c = (c ^ b) - rol32(b, 16);
    a = (a ^ c) - rol32(c, 4);
    b = (b ^ a) - rol32(a, 14);
    return (c ^ b) - rol32(b, 24);
}

constexpr std::uint32_t jhash_3words(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t initval) {
    const std::uint32_t start = initval + jhash_initval + (3 << 2);
    return __jhash_final(a + start, b + start, c + start);
}

constexpr std::uint32_t jhash_2words(std::uint32_t a, std::uint32_t b, std::uint32_t initval) {
    const std::uint32_t start = initval + jhash_initval + (2 << 2);
    return __jhash_final(a + start, b + start, start);
}

constexpr std::uint32_t jhash_1word(std::uint32_t a, std::uint32_t initval) {
    const std::uint32_t start = initval + jhash_initval + (1 << 2);
    return __jhash_final(a + start, start, start);
}

}  // namespace rxpath
