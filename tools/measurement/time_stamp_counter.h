// The processor's time stamp counter, read so that no instruction of what is timed leaves the interval.
#pragma once

#include <cstdint>

#if !defined(__x86_64__)
#error "tools/measure times with the x86-64 time stamp counter; other architectures are not supported"
#endif

#include <x86intrin.h>

namespace rxpath {

// Ticks before what is timed: all before has finished, nothing of it has begun.
inline std::uint64_t tsc_begin() {
    _mm_lfence();
    const auto ticks = __rdtsc();
    _mm_lfence();
    return ticks;
}

// Ticks after it: all of it has finished.
inline std::uint64_t tsc_end() {
    unsigned processor = 0;
    const auto ticks = __rdtscp(&processor);
    _mm_lfence();
    return ticks;
}

// Ticks in a cycle of the core's present clock: additions that wait for one another take a cycle each.
double tsc_per_core_cycle();

}  // namespace rxpath
