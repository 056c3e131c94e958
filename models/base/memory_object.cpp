#include "models/base/memory_object.h"

#include "models/base/memory_objects.h"

namespace rxpath {

namespace {

constexpr object_layout objects[] = {
#define RXPATH_OBJECT(name, structs, bytes, source) {#name, structs, bytes, source},
#include "models/base/memory_objects.def"
#undef RXPATH_OBJECT
};

// The kernel's direct map on x86-64 with five levels of page tables, as the recordings have it. Each kind has its own
// part of it, large enough for every number that occurs.
constexpr heap_address direct_map = 0xff11'0000'0000'0000;
constexpr unsigned bits_of_a_kind = 44;
constexpr std::uint64_t page_bytes = 4096;
constexpr std::uint64_t fewest_in_a_slab = 8;

// SLUB takes as many pages as leave little over; a slab of at least eight objects wastes less than an eighth.
constexpr std::uint64_t slab_bytes(std::uint64_t object_bytes) {
    auto bytes = page_bytes;
    while (bytes < object_bytes * fewest_in_a_slab && bytes < 8 * page_bytes) bytes *= 2;
    return bytes;
}

struct slab_layout {
    std::uint64_t object_bytes, bytes, objects;
};

constexpr slab_layout slab_of(std::uint64_t object_bytes) {
    const auto bytes = slab_bytes(object_bytes);
    return {object_bytes, bytes, object_bytes == 0 || bytes < object_bytes ? 1 : bytes / object_bytes};
}

constexpr slab_layout slabs[] = {
#define RXPATH_OBJECT(name, structs, bytes, source) slab_of(bytes),
#include "models/base/memory_objects.def"
#undef RXPATH_OBJECT
};

}  // namespace

const object_layout& describe(memory_object kind) { return objects[static_cast<std::size_t>(kind)]; }

heap_address address_of(memory_object kind, std::uint64_t number) {
    const auto& slab = slabs[static_cast<std::size_t>(kind)];
    const auto region = direct_map + (static_cast<heap_address>(kind) << bits_of_a_kind);
    if (number < slab.objects) return region + number * slab.object_bytes;
    return region + number / slab.objects * slab.bytes + number % slab.objects * slab.object_bytes;
}

}  // namespace rxpath
