// The caches and the memory of a host with some cores: what an access to data finds where, and how long the core waits
// for it. Code is in models/cpu/instruction_cache.h.
//
// Each core has an L1 for data (L1D) and an L2 that includes it; the cores share a last-level cache
// (LLC). An LLC that is not inclusive is a victim cache: it gets what leaves an L2, and gives a line away when a core
// takes it back. Lines are kept coherent by MESI. A DMA write goes into at most ddio_ways of the LLC (Intel's DDIO) or,
// when there are none, to memory.
//
// Left out: TLBs, store buffers, bandwidth and queues at any level, the Owned and Forward states (a dirty line that
// another core reads is written back), several sockets, prefetches that come late.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include "models/base/memory_use.h"
#include "models/cpu/cache.h"
#include "models/cpu/core_preset.h"

namespace rxpath {

struct access_result {
    memory_level served_by;
    std::uint32_t stall;  // core cycles beyond those of an L1 hit, if nothing hides them
};

struct memory_counts {
    std::array<std::uint64_t, memory_level_count> served_by{};  // accesses of the cores, each by one level
    std::uint64_t upgrades = 0;                                 // writes to a shared line that was here
    std::uint64_t prefetches = 0;                               // lines brought into an L2 before an access
    std::uint64_t write_backs = 0;                              // dirty lines that went to memory
    std::uint64_t dma_writes = 0, dma_reads = 0;

    std::uint64_t served(memory_level level) const { return served_by[static_cast<std::size_t>(level)]; }
    std::uint64_t accesses() const { return std::accumulate(served_by.begin(), served_by.end(), std::uint64_t{0}); }
    std::uint64_t transfers() const { return served(memory_level::other_core); }
};

class memory_hierarchy {
public:
    // Throws std::invalid_argument when a cache cannot have the shape that the preset gives it.
    memory_hierarchy(const core_preset& preset, std::uint32_t cores);

    // `code`: the function that asks, for the stride prefetcher; a processor takes the instruction's address.
    access_result read(std::uint32_t core, line_address line, std::uint32_t code = 0);
    access_result write(std::uint32_t core, line_address line, std::uint32_t code = 0);
    void dma_write(line_address line);
    // So many bytes from there on.
    void dma_write(std::uint64_t from, std::uint32_t bytes) {
        for (auto line = line_of_address(from); line <= line_of_address(from + bytes - 1); ++line) dma_write(line);
    }
    // A device reads: whoever has the line keeps it as it is. Answers who had it, other_core being any core.
    memory_level dma_read(line_address line);

    // The host has been up: what is asked for first, as many lines as the LLC has, was there.
    void assume_warm() { m_warm_lines = m_llc.sets() * std::uint64_t{m_llc.ways()}; }
    // All caches are empty, as after waking from deep sleep; what was dirty counts as nothing.
    void invalidate_all();

    const memory_counts& counts() const { return m_counts; }
    void restart_counts() { m_counts = {}; }

private:
    // What the stride detector knows of some code.
    struct stream {
        std::uint32_t code = 0;
        line_address last = 0;
        std::int64_t stride = 0;
        std::uint32_t times = 0;  // that it was the same
    };
    struct private_caches {
        explicit private_caches(const core_preset& preset) : l1d(preset.l1d), l2(preset.l2) {}
        line_state state(line_address line) const;
        void set_state(line_address line, line_state state);
        line_state remove(line_address line);

        cache l1d, l2;
        std::array<stream, 64> streams{};  // by the lowest bits of the code
    };
    enum class purpose : std::uint8_t { read, write };

    access_result answer(memory_level level, std::uint32_t stall) {
        ++m_counts.served_by[static_cast<std::size_t>(level)];
        return {level, stall};
    }
    access_result read_beyond_l1(std::uint32_t core, line_address line, std::uint32_t code);
    access_result write_beyond_l1(std::uint32_t core, line_address line, std::uint32_t code, line_state in_l1d);
    std::uint32_t data_stall(memory_level level) const { return m_data_stalls[static_cast<std::size_t>(level)]; }

    memory_level bring_to_l2(std::uint32_t core, line_address line, purpose why);
    // The strongest state that another core had; afterwards it has the line shared, or no more.
    line_state take_from_others(std::uint32_t core, line_address line, purpose why);
    line_state take_from_llc(line_address line);
    memory_level beyond_the_caches(line_address line);
    line_address& written_to_memory(line_address line) {
        return m_written_to_memory[line % m_written_to_memory.size()];
    }
    std::uint32_t upgrade(std::uint32_t core, line_address line);
    void fill_l1d(private_caches& own, line_address line, line_state state);
    void leave_l2(private_caches& own, const cache::entry& left);
    void put_in_llc(line_address line, line_state state);
    void leave_llc(const cache::entry& left);
    void write_back(line_state state) { m_counts.write_backs += state == line_state::modified; }

    void prefetch_after_miss(std::uint32_t core, line_address line, std::uint32_t code);
    void prefetch(std::uint32_t core, line_address from, line_address line);
    std::int64_t detected_stride(private_caches& own, line_address line, std::uint32_t code);

    friend class core_memory;

    std::vector<private_caches> m_cores;
    cache m_llc;
    std::uint64_t m_warm_lines = 0;  // that were in the LLC at first and that nobody has asked for yet
    std::array<line_address, 8192> m_written_to_memory{};         // by devices, of late: these are not warm
    std::array<std::uint32_t, memory_level_count> m_data_stalls;  // by level
    std::uint32_t m_ddio_ways;
    bool m_llc_inclusive, m_next_line, m_stride;
    memory_counts m_counts;
};

// The hierarchy as one core asks it.
class core_memory {
public:
    // The host's must outlive it.
    core_memory(memory_hierarchy& host, std::uint32_t core) : m_host(host), m_own(host.m_cores[core]), m_core(core) {}

    access_result read(line_address line, std::uint32_t code) {
        if (m_own.l1d.use(line) != line_state::invalid) return m_host.answer(memory_level::l1, 0);
        return m_host.read_beyond_l1(m_core, line, code);
    }
    access_result write(line_address line, std::uint32_t code) {
        const auto in_l1d = m_own.l1d.use(line);
        if (in_l1d == line_state::modified) return m_host.answer(memory_level::l1, 0);
        return m_host.write_beyond_l1(m_core, line, code, in_l1d);
    }
    // Of all cores.
    const memory_counts& counts() const { return m_host.counts(); }

private:
    memory_hierarchy& m_host;
    memory_hierarchy::private_caches& m_own;
    const std::uint32_t m_core;
};

inline access_result memory_hierarchy::read(std::uint32_t core, line_address line, std::uint32_t code) {
    return core_memory(*this, core).read(line, code);
}
inline access_result memory_hierarchy::write(std::uint32_t core, line_address line, std::uint32_t code) {
    return core_memory(*this, core).write(line, code);
}

}  // namespace rxpath
