// TCP sequence numbers: 32 bits that wrap (RFC 9293 §3.4; before() and after() of include/net/tcp.h).
#pragma once

#include <cstdint>

namespace rxpath {

struct tcp_sequence {
    std::uint32_t value = 0;

    friend constexpr tcp_sequence operator+(tcp_sequence a, std::uint32_t n) { return {a.value + n}; }
    friend constexpr tcp_sequence operator-(tcp_sequence a, std::uint32_t n) { return {a.value - n}; }
    // The distance from b to a, modulo 2^32.
    friend constexpr std::uint32_t operator-(tcp_sequence a, tcp_sequence b) { return a.value - b.value; }
    friend constexpr bool operator==(tcp_sequence a, tcp_sequence b) { return a.value == b.value; }
    friend constexpr bool operator!=(tcp_sequence a, tcp_sequence b) { return a.value != b.value; }
};

constexpr bool before(tcp_sequence a, tcp_sequence b) { return static_cast<std::int32_t>(a.value - b.value) < 0; }
constexpr bool after(tcp_sequence a, tcp_sequence b) { return before(b, a); }

}  // namespace rxpath
