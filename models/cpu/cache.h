// One set-associative cache of 64-byte lines: which lines it holds, in which MESI state, and which one leaves next.
//
// A set is kept in the order of use, the line used last in front, so the one that leaves is the last: LRU. Left out:
// the pseudo-LRU that real caches approximate it with, and data: only addresses are kept.
#pragma once

#include <cstdint>
#include <string>
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
    entry insert(line_address line, line_state state) { return insert_among(line, state, false, m_ways); }
    // The same for a line that a device writes: with `most_from_devices` (at least 1) such lines in the set the oldest
    // of them leaves.
    entry insert_from_device(line_address line, line_state state, std::uint32_t most_from_devices) {
        return insert_among(line, state, true, most_from_devices);
    }
    // Answers the state that it had.
    line_state remove(line_address line);
    void clear();

private:
    // A line, its state in the lowest two bits, and above them whether a device brought it. Zero: an empty way.
    using slot = std::uint64_t;
    static constexpr unsigned line_shift = 3;
    static constexpr slot from_device = 4;

    static line_state state_of(slot slot) { return static_cast<line_state>(slot & 3); }
    static slot make_slot(line_address line, line_state state, bool device) {
        return line << line_shift | (device ? from_device : 0) | static_cast<slot>(state);
    }

    slot* set_of(line_address line) { return &m_slots[(m_set_mask != 0 ? line & m_set_mask : line % m_sets) * m_ways]; }
    const slot* set_of(line_address line) const { return const_cast<cache*>(this)->set_of(line); }
    // The way that holds the line; ways(): none.
    std::uint32_t way_of(const slot* set, line_address line) const;
    static void move_to_front(slot* set, std::uint32_t way);
    entry insert_among(line_address line, line_state state, bool device, std::uint32_t most_from_devices);
    std::uint32_t way_that_leaves(const slot* set, bool device, std::uint32_t most_from_devices) const;

    std::uint32_t m_ways, m_sets;
    std::uint64_t m_set_mask;  // 0: the number of sets is no power of two, or one
    std::vector<slot> m_slots;
};

}  // namespace rxpath
