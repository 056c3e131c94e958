#include "models/base/siphash.h"

#include <array>

namespace rxpath {

namespace {

constexpr std::uint64_t rotate_left(std::uint64_t value, unsigned bits) { return value << bits | value >> (64 - bits); }

// The state of Aumasson and Bernstein's paper: four words, mixed by rounds of add, rotate and xor.
class siphash_state {
public:
    explicit siphash_state(const siphash_key& key)
        : m_v{key.key[0] ^ 0x736f6d6570736575, key.key[1] ^ 0x646f72616e646f6d, key.key[0] ^ 0x6c7967656e657261,
              key.key[1] ^ 0x7465646279746573} {}

    void absorb(std::uint64_t word) {
        m_v[3] ^= word;
        rounds(2);
        m_v[0] ^= word;
    }
    std::uint64_t finish() {
        m_v[2] ^= 0xff;
        rounds(4);
        return m_v[0] ^ m_v[1] ^ m_v[2] ^ m_v[3];
    }

private:
    void half_round(std::size_t a, std::size_t b, std::size_t c, std::size_t d, unsigned s, unsigned t) {
        m_v[a] += m_v[b];
        m_v[c] += m_v[d];
        m_v[b] = rotate_left(m_v[b], s) ^ m_v[a];
        m_v[d] = rotate_left(m_v[d], t) ^ m_v[c];
        m_v[a] = rotate_left(m_v[a], 32);
    }
    void rounds(int count) {
        for (int i = 0; i < count; ++i) {
            half_round(0, 1, 2, 3, 13, 16);
            half_round(2, 1, 0, 3, 17, 21);
        }
    }

    std::array<std::uint64_t, 4> m_v;
};

std::uint64_t load_le(const std::uint8_t* bytes, std::size_t count) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) word |= std::uint64_t{bytes[i]} << (8 * i);
    return word;
}

}  // namespace

std::uint64_t siphash(const void* bytes, std::size_t count, const siphash_key& key) {
    const auto* at = static_cast<const std::uint8_t*>(bytes);
    siphash_state state{key};
    for (std::size_t left = count; left >= 8; left -= 8, at += 8) state.absorb(load_le(at, 8));
    state.absorb(std::uint64_t{count} << 56 | load_le(at, count % 8));
    return state.finish();
}

std::uint64_t siphash_1u32(std::uint32_t word, const siphash_key& key) {
    siphash_state state{key};
    state.absorb(std::uint64_t{4} << 56 | word);
    return state.finish();
}

}  // namespace rxpath
