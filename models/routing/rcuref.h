// rcuref_t (include/linux/rcuref.h, lib/rcuref.c): the reference count of a dst_entry, in the kernel's encoding.
//
// 0 stands for one reference; each further one adds 1. Dropping the last wraps to no_reference, and only the put() that
// sees it may mark the count dead; a get() on a dead count fails, because it lands in the dead zone from `released` on.
// Left out: concurrent updates (one core runs at a time).
#pragma once

#include <cstdint>

namespace rxpath {

struct rcuref {
    static constexpr std::uint32_t one_reference = 0x00000000;  // RCUREF_ONEREF
    static constexpr std::uint32_t most_references = 0x7fffffff;
    static constexpr std::uint32_t saturated = 0xa0000000;
    static constexpr std::uint32_t released = 0xc0000000;
    static constexpr std::uint32_t dead = 0xe0000000;
    static constexpr std::uint32_t no_reference = 0xffffffff;

    std::uint32_t refcnt = one_reference;

    // Takes a reference; false, and nothing taken, when the object is dead.
    bool get();
    // Gives a reference back; true when it was the last: the caller then frees the object.
    bool put();
    // References held; 0 when dead.
    std::uint32_t read() const { return refcnt >= released ? 0 : refcnt + 1; }
};

}  // namespace rxpath
