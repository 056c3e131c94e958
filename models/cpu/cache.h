// One set-associative cache of 64-byte lines: which lines it holds, in which MESI state, and which one leaves next.
//
// A set's lines stand in the order of their last use, and the last one leaves: LRU. Left out: the pseudo-LRU that real
// caches approximate it with, and data: only addresses are kept.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace rxpath {

using line_address = std::uint64_t;  // of a 64-byte line: a byte's address / 64

constexpr line_address line_of_address(std::uint64_t byte_address) { return byte_address / 64; }

// MESI. Ordered by what the holder may do.
enum class line_state : std::uint8_t { invalid, shared, exclusive, modified };

struct cache_shape {
    std::uint32_t size = 0;     // bytes, a multiple of 64 * ways
    std::uint32_t ways = 0;     // 1 to 64
    std::uint32_t latency = 0;  // core cycles from a load that hits to the use of its value
};

// What is wrong with a shape: "found ..., allowed: ..."; empty: nothing.
std::string problem_of(const cache_shape& shape);

class cache {
public:
    struct entry {
        line_address line = 0;
        line_state state = line_state::invalid;
    };

    // Throws std::invalid_argument when there is a problem with the shape.
    explicit cache(const cache_shape& shape);

    std::uint32_t sets() const { return m_sets; }
    std::uint32_t ways() const { return m_ways; }

    // The line's state; invalid: it is not here.
    line_state find(line_address line) const;
    // The same, and the line was used.
    line_state use(line_address line);
    // Of a line that is here, which is all the same not used by that.
    void set_state(line_address line, line_state state);
    // Puts a line here that was not here, as used last. Answers what left for it; state invalid: nothing.
    entry insert(line_address line, line_state state);
    // The same for a line that a device writes: with `most_from_devices` (at least 1) such lines in the set the oldest
    // of them leaves.
    entry insert_from_device(line_address line, line_state state, std::uint32_t most_from_devices);
    // Answers the state that it had.
    line_state remove(line_address line);
    void clear();

private:
    // A line, its state in the lowest two bits, and above them whether a device brought it.
    using tag = std::uint64_t;
    static constexpr unsigned line_shift = 3;
    static constexpr tag from_device = 4;
    static constexpr tag empty = ~tag{7};  // of a line that no address has; its state is invalid

    static line_state state_of(tag tag) { return static_cast<line_state>(tag & 3); }

    // A set begins with the line that was used last; what is empty stands at the end.
    tag* set_of(line_address line) { return m_tags.data() + first_of_set(line); }
    const tag* set_of(line_address line) const { return m_tags.data() + first_of_set(line); }
    std::size_t first_of_set(line_address line) const {
        return (m_set_mask != 0 ? line & m_set_mask : line % m_sets) * m_ways;
    }
    // Null: it is not here.
    template <class Tag>
    Tag* find_in(Tag* set, line_address line) const {
        for (auto* each = set; each < set + m_ways; ++each)
            if (*each >> line_shift == line) return each;
        return nullptr;
    }
    // Those before `place` move on by one, over it. std::move_backward() calls memmove(), which takes longer for so
    // few.
    static void bring_to_front(tag* set, const tag* place, tag front) {
        auto moving = *set;
        *set = front;
        for (auto* each = set; each < place;) std::swap(*++each, moving);
    }
    line_state use_older(tag* set, line_address line);
    entry put(tag* set, tag* leaving, tag coming);

    std::uint32_t m_ways, m_sets;
    std::uint64_t m_set_mask;  // 0: the number of sets is no power of two, or one
    std::vector<tag> m_tags;   // set by set
};

inline line_state cache::use(line_address line) {
    auto* set = set_of(line);
    if (*set >> line_shift == line) return state_of(*set);
    return use_older(set, line);
}

}  // namespace rxpath
