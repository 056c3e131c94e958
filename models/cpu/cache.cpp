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
      m_tags(std::size_t{m_sets} * m_ways, empty),
      m_used(m_tags.size()) {}

std::size_t cache::slot_of(line_address line) const {
    const auto set = set_of(line);
    for (auto slot = set; slot < set + m_ways; ++slot) {
        if (m_tags[slot] >> line_shift == line) return slot;
    }
    return nowhere;
}

line_state cache::find(line_address line) const {
    const auto slot = slot_of(line);
    return slot == nowhere ? line_state::invalid : state_of(m_tags[slot]);
}

line_state cache::use(line_address line) {
    const auto slot = slot_of(line);
    if (slot == nowhere) return line_state::invalid;
    m_used[slot] = ++m_now;
    return state_of(m_tags[slot]);
}

void cache::set_state(line_address line, line_state state) {
    const auto slot = slot_of(line);
    if (slot != nowhere) m_tags[slot] = (m_tags[slot] & ~tag{3}) | static_cast<tag>(state);
}

// Empty slots come first, since they were never used.
std::size_t cache::oldest_of(std::size_t set) const {
    auto oldest = set;
    for (auto slot = set + 1; slot < set + m_ways; ++slot) oldest = m_used[slot] < m_used[oldest] ? slot : oldest;
    return oldest;
}

// With enough lines from devices in the set it is the oldest of them.
std::size_t cache::slot_for_device(std::size_t set, std::uint32_t most_from_devices) const {
    auto oldest = nowhere;
    std::uint32_t from_devices = 0;
    for (auto slot = set; slot < set + m_ways; ++slot) {
        if ((m_tags[slot] & from_device) == 0) continue;
        ++from_devices;
        if (oldest == nowhere || m_used[slot] < m_used[oldest]) oldest = slot;
    }
    return from_devices < most_from_devices ? oldest_of(set) : oldest;
}

cache::entry cache::put(std::size_t slot, line_address line, line_state state, tag device) {
    const entry left{m_tags[slot] >> line_shift, state_of(m_tags[slot])};
    m_tags[slot] = line << line_shift | device | static_cast<tag>(state);
    m_used[slot] = ++m_now;
    return left;
}

cache::entry cache::insert(line_address line, line_state state) { return put(oldest_of(set_of(line)), line, state, 0); }

cache::entry cache::insert_from_device(line_address line, line_state state, std::uint32_t most_from_devices) {
    return put(slot_for_device(set_of(line), most_from_devices), line, state, from_device);
}

line_state cache::remove(line_address line) {
    const auto slot = slot_of(line);
    if (slot == nowhere) return line_state::invalid;
    const auto state = state_of(m_tags[slot]);
    m_tags[slot] = empty;
    m_used[slot] = 0;
    return state;
}

void cache::clear() {
    std::fill(m_tags.begin(), m_tags.end(), empty);
    std::fill(m_used.begin(), m_used.end(), 0);
}

}  // namespace rxpath
