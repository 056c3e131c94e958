// The host's memory for frames: buffers that rings and the loopback device use in turn, as pages of a page_pool are
// (net/core/page_pool.c), and devices write into past the cores.
//
// Left out: that a ring posts a buffer for each of its descriptors beforehand, so that a larger ring uses more memory.
#pragma once

#include <cstdint>

#include "models/base/sk_buff.h"
#include "models/cpu/memory_hierarchy.h"

namespace rxpath {

class receive_buffers {
public:
    // The memory must outlive it.
    explicit receive_buffers(memory_hierarchy& memory) : m_memory(memory) {}

    // The number of the next one (sk_buff::buffer).
    std::uint32_t next() { return ++m_used % buffers; }
    // A device has written an IP packet of so many bytes into it.
    void written_by_device(std::uint32_t buffer, std::uint32_t bytes) {
        m_memory.dma_write(network_header_in(buffer), bytes);
    }

private:
    static constexpr std::uint32_t buffers = 256;

    memory_hierarchy& m_memory;
    std::uint32_t m_used = 0;
};

}  // namespace rxpath
