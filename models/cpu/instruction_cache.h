// The L1 cache for instructions (L1I) of one core, in whole functions: which of them have their code there.
//
// A function's lines come when it is called and leave together, once as many lines as the cache has came after its last
// call: LRU, when time is counted in lines that came. What is not there comes from the L2, which has all code that runs
// often. Left out: sets and ways, lines that a function shares with its neighbours, code that is pushed out of the L2.
#pragma once

#include <array>
#include <cstdint>

#include "models/base/kernel_function.h"

namespace rxpath {

class instruction_cache {
public:
    explicit instruction_cache(std::uint32_t bytes) : m_capacity(bytes / 64), m_came(m_capacity) {}

    // Calls a function of so many lines. Answers how many of them were not there: all or none.
    std::uint32_t call(function_number function, std::uint32_t lines) {
        auto& last_call = m_last_call[static_cast<std::size_t>(function)];
        const auto missed = m_came - last_call < m_capacity ? 0 : lines;
        m_came += missed;
        last_call = m_came;
        return missed;
    }

    // Other code has taken the cache.
    void clear() { m_came += m_capacity; }

private:
    std::uint64_t m_capacity;                                 // lines
    std::uint64_t m_came;                                     // lines so far, and those of other code
    std::array<std::uint64_t, function_count> m_last_call{};  // when, in lines that had come
};

}  // namespace rxpath
