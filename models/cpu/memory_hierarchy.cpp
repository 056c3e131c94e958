#include "models/cpu/memory_hierarchy.h"

#include <algorithm>

namespace rxpath {

namespace {

// A function stands for the instructions of a loop in it: a few accesses of others may lie at equal distances by
// chance.
constexpr std::uint32_t often_enough = 3;

constexpr std::uint64_t page_of(line_address line) { return line >> 6; }  // of 4 KiB

// What an access that the L1D misses waits for beyond it.
std::array<std::uint32_t, memory_level_count> stalls_beyond_l1(const core_preset& preset) {
    std::array<std::uint32_t, memory_level_count> stalls = {preset.l1d.latency, preset.l2.latency, preset.llc.latency,
                                                            preset.core_to_core_latency(), preset.dram_latency()};
    for (auto& stall : stalls) stall -= std::min(stall, preset.l1d.latency);
    return stalls;
}

}  // namespace

memory_hierarchy::memory_hierarchy(const core_preset& preset, std::uint32_t cores)
    : m_cores(cores, private_caches(preset)),
      m_llc(preset.llc),
      m_data_stalls(stalls_beyond_l1(preset)),
      m_ddio_ways(std::min(preset.ddio_ways, preset.llc.ways)),
      m_llc_inclusive(preset.llc_inclusive),
      m_next_line(preset.next_line_prefetch),
      m_stride(preset.stride_prefetch) {}

line_state memory_hierarchy::private_caches::state(line_address line) const {
    const auto in_l2 = l2.find(line);
    return in_l2 == line_state::invalid ? in_l2 : std::max(in_l2, l1d.find(line));
}

void memory_hierarchy::private_caches::set_state(line_address line, line_state state) {
    l1d.set_state(line, state);
    l2.set_state(line, state);
}

line_state memory_hierarchy::private_caches::remove(line_address line) {
    const auto in_l2 = l2.remove(line);
    if (in_l2 == line_state::invalid) return in_l2;
    return std::max(in_l2, l1d.remove(line));
}

access_result memory_hierarchy::read_beyond_l1(std::uint32_t core, line_address line, std::uint32_t code) {
    auto& own = m_cores[core];
    const auto level = bring_to_l2(core, line, purpose::read);
    fill_l1d(own, line, own.l2.find(line));
    prefetch_after_miss(core, line, code);
    return answer(level, data_stall(level));
}

access_result memory_hierarchy::write_beyond_l1(std::uint32_t core, line_address line, std::uint32_t code,
                                                line_state in_l1d) {
    auto& own = m_cores[core];
    if (in_l1d != line_state::invalid) {
        const auto stall = in_l1d == line_state::shared ? upgrade(core, line) : 0;
        own.l1d.set_state(line, line_state::modified);
        return answer(memory_level::l1, stall);
    }
    const auto level = bring_to_l2(core, line, purpose::write);
    const auto stall = own.l2.find(line) == line_state::shared ? upgrade(core, line) : 0;
    fill_l1d(own, line, line_state::modified);
    prefetch_after_miss(core, line, code);
    return answer(level, data_stall(level) + stall);
}

// Afterwards the L2 has the line.
memory_level memory_hierarchy::bring_to_l2(std::uint32_t core, line_address line, purpose why) {
    auto& own = m_cores[core];
    if (own.l2.use(line) != line_state::invalid) return memory_level::l2;
    const auto elsewhere = take_from_others(core, line, why);
    const auto in_llc = take_from_llc(line);
    auto held = in_llc == line_state::modified && !m_llc_inclusive ? line_state::modified : line_state::exclusive;
    if (elsewhere != line_state::invalid && why == purpose::read) held = line_state::shared;
    leave_l2(own, own.l2.insert(line, held));
    if (m_llc_inclusive && in_llc == line_state::invalid) put_in_llc(line, line_state::exclusive);
    if (elsewhere == line_state::modified) return memory_level::other_core;
    if (in_llc != line_state::invalid) return memory_level::llc;
    return elsewhere == line_state::invalid ? beyond_the_caches(line) : memory_level::other_core;
}

memory_level memory_hierarchy::beyond_the_caches(line_address line) {
    if (m_warm_lines == 0 || written_to_memory(line) == line) return memory_level::dram;
    --m_warm_lines;
    return memory_level::llc;
}

line_state memory_hierarchy::take_from_others(std::uint32_t core, line_address line, purpose why) {
    auto strongest = line_state::invalid;
    for (std::uint32_t other = 0; other < m_cores.size(); ++other) {
        if (other == core) continue;
        auto& holder = m_cores[other];
        const auto held = why == purpose::write ? holder.remove(line) : holder.state(line);
        if (held == line_state::invalid) continue;
        if (why == purpose::read) {
            holder.set_state(line, line_state::shared);
            write_back(held);
        }
        strongest = std::max(strongest, held);
    }
    return strongest;
}

// A victim cache gives the line away.
line_state memory_hierarchy::take_from_llc(line_address line) {
    return m_llc_inclusive ? m_llc.use(line) : m_llc.remove(line);
}

// A line that is here shared becomes this core's alone. Answers the stall.
std::uint32_t memory_hierarchy::upgrade(std::uint32_t core, line_address line) {
    ++m_counts.upgrades;
    const auto elsewhere = take_from_others(core, line, purpose::write);
    take_from_llc(line);
    m_cores[core].set_state(line, line_state::modified);
    return data_stall(elsewhere == line_state::invalid ? memory_level::llc : memory_level::other_core);
}

void memory_hierarchy::fill_l1d(private_caches& own, line_address line, line_state state) {
    const auto left = own.l1d.insert(line, state);
    if (left.state == line_state::modified) own.l2.set_state(left.line, left.state);
}

void memory_hierarchy::leave_l2(private_caches& own, const cache::entry& left) {
    if (left.state == line_state::invalid) return;
    const auto strongest = std::max(left.state, own.l1d.remove(left.line));
    if (!m_llc_inclusive) {
        put_in_llc(left.line, strongest);
    } else if (strongest == line_state::modified) {
        m_llc.set_state(left.line, strongest);
    }
}

// The LLC may have it already: from another core's L2, both having it shared.
void memory_hierarchy::put_in_llc(line_address line, line_state state) {
    if (m_llc.use(line) == line_state::invalid) leave_llc(m_llc.insert(line, state));
}

void memory_hierarchy::leave_llc(const cache::entry& left) {
    auto strongest = left.state;
    if (left.state != line_state::invalid && m_llc_inclusive) {
        for (auto& holder : m_cores) strongest = std::max(strongest, holder.remove(left.line));
    }
    write_back(strongest);
}

void memory_hierarchy::prefetch_after_miss(std::uint32_t core, line_address line, std::uint32_t code) {
    if (m_next_line) prefetch(core, line, line + 1);
    if (!m_stride) return;
    if (const auto stride = detected_stride(m_cores[core], line, code); stride != 0) {
        prefetch(core, line, line + static_cast<line_address>(stride));
    }
}

// Prefetchers know no translations: they stop at the end of the page.
void memory_hierarchy::prefetch(std::uint32_t core, line_address from, line_address line) {
    if (page_of(from) != page_of(line) || m_cores[core].l2.find(line) != line_state::invalid) return;
    ++m_counts.prefetches;
    bring_to_l2(core, line, purpose::read);
}

// The distance between the last misses of this code in a page, when it was the same often enough; otherwise 0.
std::int64_t memory_hierarchy::detected_stride(private_caches& own, line_address line, std::uint32_t code) {
    auto& seen = own.streams[code % own.streams.size()];
    if (seen.code != code || page_of(seen.last) != page_of(line)) seen = {code, line, 0, 0};
    const auto stride = static_cast<std::int64_t>(line - seen.last);
    const auto times = stride == seen.stride ? seen.times + 1 : 1;
    seen = {code, line, stride, times};
    return times >= often_enough ? stride : 0;
}

void memory_hierarchy::dma_write(line_address line) {
    ++m_counts.dma_writes;
    for (auto& holder : m_cores) holder.remove(line);
    if (m_ddio_ways == 0) {
        m_llc.remove(line);
        written_to_memory(line) = line;
    } else if (m_llc.use(line) != line_state::invalid) {
        m_llc.set_state(line, line_state::modified);
    } else {
        leave_llc(m_llc.insert_from_device(line, line_state::modified, m_ddio_ways));
    }
}

memory_level memory_hierarchy::dma_read(line_address line) {
    ++m_counts.dma_reads;
    for (const auto& holder : m_cores) {
        if (holder.state(line) != line_state::invalid) return memory_level::other_core;
    }
    return m_llc.find(line) != line_state::invalid ? memory_level::llc : memory_level::dram;
}

void memory_hierarchy::invalidate_all() {
    for (auto& core : m_cores) {
        for (auto* each : {&core.l1d, &core.l2}) each->clear();
        core.streams = {};
    }
    m_llc.clear();
    m_warm_lines = 0;
}

}  // namespace rxpath
