// SipHash-2-4 (lib/siphash.c): a keyed hash whose buckets a sender cannot aim at.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rxpath {

// siphash_key_t
struct siphash_key {
    std::uint64_t key[2];
};

std::uint64_t siphash(const void* bytes, std::size_t count, const siphash_key& key);
// Of one 32-bit word as it lies in memory, little end first.
std::uint64_t siphash_1u32(std::uint32_t word, const siphash_key& key);

// The highest `bits` bits of the product with the golden ratio (hash_64(), include/linux/hash.h).
constexpr std::uint64_t hash_64(std::uint64_t value, unsigned bits) {
    constexpr std::uint64_t golden_ratio_64 = 0x61c8864680b583eb;
    return (value * golden_ratio_64) >> (64 - bits);
}

}  // namespace rxpath
