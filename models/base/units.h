// Strong types for the quantities the models exchange, so that cycles never add to picoseconds.
#pragma once

#include <cstdint>

namespace rxpath {

// An amount in one unit. Amounts of one unit add, subtract, compare and scale; units never mix.
template <class Unit, class Representation = std::uint64_t>
struct quantity {
    Representation value = 0;

    constexpr quantity& operator+=(quantity other) {
        value += other.value;
        return *this;
    }
    constexpr quantity& operator-=(quantity other) {
        value -= other.value;
        return *this;
    }
    friend constexpr quantity operator+(quantity a, quantity b) { return {a.value + b.value}; }
    friend constexpr quantity operator-(quantity a, quantity b) { return {a.value - b.value}; }
    friend constexpr quantity operator*(quantity a, Representation n) { return {a.value * n}; }
    friend constexpr bool operator==(quantity a, quantity b) { return a.value == b.value; }
    friend constexpr bool operator!=(quantity a, quantity b) { return a.value != b.value; }
    friend constexpr bool operator<(quantity a, quantity b) { return a.value < b.value; }
    friend constexpr bool operator<=(quantity a, quantity b) { return a.value <= b.value; }
    friend constexpr bool operator>(quantity a, quantity b) { return a.value > b.value; }
    friend constexpr bool operator>=(quantity a, quantity b) { return a.value >= b.value; }
};

// Cycles of a CPU core.
using cycles = quantity<struct cycle_unit>;
// Simulated time. 2^64 ps are 213 days.
using picoseconds = quantity<struct picosecond_unit>;
// Bytes of a packet, a window or an object.
using byte_count = quantity<struct byte_unit>;

constexpr std::uint64_t picoseconds_per_second = 1'000'000'000'000;

constexpr picoseconds nanoseconds(std::uint64_t n) { return {n * 1'000}; }
constexpr picoseconds microseconds(std::uint64_t n) { return {n * 1'000'000}; }
constexpr picoseconds milliseconds(std::uint64_t n) { return {n * 1'000'000'000}; }

}  // namespace rxpath
