#include "models/cpu/footprint.h"

#include "models/base/memory_objects.h"

namespace rxpath {

footprint::objects_in_force::objects_in_force() {
    for (const auto kind : {memory_object::net, memory_object::devconf_all, memory_object::fib_rules_ops,
                            memory_object::task, memory_object::per_cpu, memory_object::stack, memory_object::image})
        address[static_cast<std::size_t>(kind)] = address_of(kind, 0);
}

}  // namespace rxpath
