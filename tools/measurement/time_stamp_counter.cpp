#include "tools/measurement/time_stamp_counter.h"

#include <algorithm>
#include <limits>

namespace rxpath {

double tsc_per_core_cycle() {
    constexpr int loops = 5;
    constexpr std::uint64_t turns = 20'000, additions_a_turn = 10;
    auto fewest = std::numeric_limits<std::uint64_t>::max();
    for (int loop = 0; loop < loops; ++loop) {
        std::uint64_t sum = 1;
        const auto begin = tsc_begin();
        for (auto left = turns; left != 0; --left) {
            asm volatile(
                "add %0, %0\n\tadd %0, %0\n\tadd %0, %0\n\tadd %0, %0\n\tadd %0, %0\n\t"
                "add %0, %0\n\tadd %0, %0\n\tadd %0, %0\n\tadd %0, %0\n\tadd %0, %0"
                : "+r"(sum)
                :
                : "cc");
        }
        fewest = std::min(fewest, tsc_end() - begin);  // an interrupt only adds
    }
    return static_cast<double>(fewest) / static_cast<double>(turns * additions_a_turn);
}

}  // namespace rxpath
