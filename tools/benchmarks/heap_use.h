// The memory that this process holds, as its allocator counts it: with what the allocator adds to each piece, and with
// what is too large for the heap and mapped apart.
#pragma once

#include <malloc.h>

#include <cstddef>

namespace rxpath {

inline std::size_t heap_use() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

}  // namespace rxpath
