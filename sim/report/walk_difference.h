// Two walks of the same packet side by side: which calls one of them skips, which steps differ, and what that costs.
#pragma once

#include <string>
#include <vector>

#include "sim/report/explanation.h"
#include "sim/report/packet_walk.h"

namespace rxpath {

struct walk_difference {
    packet_walk one, other;
    std::string one_name, other_name;
};

// A call of one walk, of the other, or of both; null where it did not run.
struct aligned_call {
    const walk_call* one = nullptr;
    const walk_call* other = nullptr;

    const walk_call& any() const { return one != nullptr ? *one : *other; }
    // The same call with the same steps and as many instructions.
    bool alike() const;
    // '-': only in the first, '+': only in the second, '~': in both, but otherwise, ' ': alike.
    char mark() const;
};

// The calls in order, as many in pairs as can be: of the same function, with the same callers.
std::vector<aligned_call> align(const packet_walk& one, const packet_walk& other);

json to_json(const walk_difference& difference);
std::string difference_text(const walk_difference& difference, const text_layout& layout);

}  // namespace rxpath
