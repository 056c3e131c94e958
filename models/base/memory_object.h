// The kernel's objects that functions of the receive path touch, and where a kernel would have them in memory.
//
// An address is computed from an object's number among its kind, as if the kind's slab had been filled in that order:
// objects lie side by side in pages, as many as fit. So a thousand sockets have a thousand addresses, the same in every
// run. Left out: slabs shared by several kinds (kmalloc), freed places that another kind takes, where pages are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rxpath {

// The kinds: memory_object::sk_buff and so on. Who names them includes models/base/memory_objects.h.
enum class memory_object : std::uint8_t;

// Kinds that there are, with room for more, so that a new one does not recompile who names none.
constexpr std::size_t memory_object_room = 40;

struct object_layout {
    std::string_view name;
    std::string_view structs;  // the kernel's types whose members it has, separated by blanks
    std::uint32_t bytes;       // in its slab; 0: it is part of another object, or alone
    std::string_view source;   // what the kernel allocates it from
};

const object_layout& describe(memory_object kind);

// An address in the modelled kernel's memory, in bytes; 0: there is no such object.
using heap_address = std::uint64_t;

constexpr std::uint64_t cache_line_bytes = 64;

// Object number `number` of a kind that has a slab, from 0.
heap_address address_of(memory_object kind, std::uint64_t number);

}  // namespace rxpath
