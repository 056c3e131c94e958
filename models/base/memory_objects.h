// The kinds of objects, by name: memory_objects.def.
#pragma once

#include "models/base/memory_object.h"

namespace rxpath {

enum class memory_object : std::uint8_t {
#define RXPATH_OBJECT(name, structs, bytes, source) name,
#include "models/base/memory_objects.def"
#undef RXPATH_OBJECT
    count
};

constexpr std::size_t memory_object_count = static_cast<std::size_t>(memory_object::count);
static_assert(memory_object_count <= memory_object_room);

// Those that lead to each other, in a trie or a list: where the next one is, is read in the one before.
constexpr bool is_walked(memory_object kind) {
    using object = memory_object;
    return kind == object::fib_node || kind == object::fib_child || kind == object::fib_alias ||
           kind == object::fib_rule;
}

}  // namespace rxpath
