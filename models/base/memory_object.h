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

enum class memory_object : std::uint8_t {
#define RXPATH_OBJECT(name, structs, bytes, source) name,
#include "models/base/memory_objects.def"
#undef RXPATH_OBJECT
    count
};

constexpr std::size_t memory_object_count = static_cast<std::size_t>(memory_object::count);

struct object_layout {
    std::string_view name;
    std::string_view structs;  // the kernel's types whose members it has, separated by blanks
    std::uint32_t bytes;       // in its slab; 0: it is part of another object, or alone
    std::string_view source;   // what the kernel allocates it from
};

const object_layout& describe(memory_object kind);

// Those that lead to each other, in a trie or a list: where the next one is, is read in the one before.
constexpr bool is_walked(memory_object kind) {
    using object = memory_object;
    return kind == object::fib_node || kind == object::fib_child || kind == object::fib_alias ||
           kind == object::fib_rule;
}

// An address in the modelled kernel's memory, in bytes; 0: there is no such object.
using heap_address = std::uint64_t;

constexpr std::uint64_t cache_line_bytes = 64;

// Object number `number` of a kind that has a slab, from 0.
heap_address address_of(memory_object kind, std::uint64_t number);

}  // namespace rxpath
