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
      m_tags(std::size_t{m_sets} * m_ways, empty) {}

line_state cache::find(line_address line) const {
    const auto* found = find_in(set_of(line), line);
    return found == nullptr ? line_state::invalid : state_of(*found);
}

line_state cache::use_older(tag* set, line_address line) {
    auto* found = find_in(set, line);
    if (found == nullptr) return line_state::invalid;
    const auto used = *found;
    bring_to_front(set, found, used);
    return state_of(used);
}

void cache::set_state(line_address line, line_state state) {
    if (auto* found = find_in(set_of(line), line)) *found = (*found & ~tag{3}) | static_cast<tag>(state);
}

cache::entry cache::insert(line_address line, line_state state) {
    auto* set = set_of(line);
    return put(set, set + m_ways - 1, line << line_shift | static_cast<tag>(state));
}

// With enough lines from devices in the set it is the oldest of them that leaves.
cache::entry cache::insert_from_device(line_address line, line_state state, std::uint32_t most_from_devices) {
    auto* set = set_of(line);
    auto* leaving = set + m_ways - 1;
    const auto is_from_device = [](tag each) { return (each & from_device) != 0; };
    if (std::count_if(set, set + m_ways, is_from_device) >= most_from_devices)
        while (!is_from_device(*leaving)) --leaving;
    return put(set, leaving, line << line_shift | from_device | static_cast<tag>(state));
}

cache::entry cache::put(tag* set, tag* leaving, tag coming) {
    const entry left{*leaving >> line_shift, state_of(*leaving)};
    bring_to_front(set, leaving, coming);
    return left;
}

line_state cache::remove(line_address line) {
    auto* set = set_of(line);
    auto* found = find_in(set, line);
    if (found == nullptr) return line_state::invalid;
    const auto state = state_of(*found);
    std::copy(found + 1, set + m_ways, found);
    set[m_ways - 1] = empty;
    return state;
}

void cache::clear() { std::fill(m_tags.begin(), m_tags.end(), empty); }

}  // namespace rxpath
