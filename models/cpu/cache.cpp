#include "models/cpu/cache.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace rxpath {

namespace {

constexpr std::uint32_t line_size = 64;

std::uint32_t sets_of(const cache_shape& shape) {
    if (const auto problem = problem_of(shape); !problem.empty()) throw std::invalid_argument("cache: " + problem);
    return shape.size / (line_size * shape.ways);
}

}  // namespace

std::string problem_of(const cache_shape& shape) {
    if (shape.ways < 1 || shape.ways > 64) return fmt::format("found {} ways, allowed: 1 to 64", shape.ways);
    const auto way_size = line_size * shape.ways;
    if (shape.size != 0 && shape.size % way_size == 0) return "";
    return fmt::format("found a size of {}B, allowed with {} ways: a multiple of {}B", shape.size, shape.ways,
                       way_size);
}

cache::cache(const cache_shape& shape)
    : m_ways(shape.ways),
      m_sets(sets_of(shape)),
      m_set_mask((m_sets & (m_sets - 1)) == 0 ? m_sets - 1 : 0),
      m_slots(std::size_t{m_sets} * m_ways) {}

std::uint32_t cache::way_of(const slot* set, line_address line) const {
    std::uint32_t way = 0;
    while (way < m_ways && (set[way] >> line_shift != line || state_of(set[way]) == line_state::invalid)) ++way;
    return way;
}

void cache::move_to_front(slot* set, std::uint32_t way) {
    const auto moved = set[way];
    for (; way > 0; --way) set[way] = set[way - 1];
    set[0] = moved;
}

line_state cache::find(line_address line) const {
    const auto* set = set_of(line);
    const auto way = way_of(set, line);
    return way == m_ways ? line_state::invalid : state_of(set[way]);
}

line_state cache::use(line_address line) {
    auto* set = set_of(line);
    const auto way = way_of(set, line);
    if (way == m_ways) return line_state::invalid;
    move_to_front(set, way);
    return state_of(set[0]);
}

void cache::set_state(line_address line, line_state state) {
    auto* set = set_of(line);
    const auto way = way_of(set, line);
    if (way != m_ways) set[way] = (set[way] & ~slot{3}) | static_cast<slot>(state);
}

std::uint32_t cache::way_that_leaves(const slot* set, bool device, std::uint32_t most_from_devices) const {
    if (device) {
        std::uint32_t oldest = m_ways, brought = 0;
        for (std::uint32_t way = 0; way < m_ways; ++way) {
            if ((set[way] & from_device) == 0) continue;
            oldest = way;
            ++brought;
        }
        if (brought >= most_from_devices) return oldest;
    }
    return m_ways - 1;
}

cache::entry cache::insert_among(line_address line, line_state state, bool device, std::uint32_t most_from_devices) {
    auto* set = set_of(line);
    const auto way = way_that_leaves(set, device, most_from_devices);
    const entry left{set[way] >> line_shift, state_of(set[way])};
    set[way] = make_slot(line, state, device);
    move_to_front(set, way);
    return left;
}

// What is behind it moves up, so that empty ways are last and filled first.
line_state cache::remove(line_address line) {
    auto* set = set_of(line);
    const auto way = way_of(set, line);
    if (way == m_ways) return line_state::invalid;
    const auto state = state_of(set[way]);
    std::copy(set + way + 1, set + m_ways, set + way);
    set[m_ways - 1] = 0;
    return state;
}

void cache::clear() { std::fill(m_slots.begin(), m_slots.end(), 0); }

}  // namespace rxpath
