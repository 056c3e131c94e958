#include "models/routing/fib_node.h"

#include <new>

namespace rxpath {

fib_node_owner<fib_tnode> tnode_alloc(std::uint8_t bits) {
    const auto count = std::size_t{1} << bits;
    auto* node = new (::operator new(sizeof(fib_tnode) + count * sizeof(fib_node_ptr))) fib_tnode;
    node->bits = bits;
    std::uninitialized_value_construct_n(node->places(), count);
    return fib_node_owner<fib_tnode>{node};
}

void node_free::operator()(fib_node* node) const {
    if (node->is_leaf()) {
        delete &leaf_of(*node);
        return;
    }
    auto& tnode = tnode_of(*node);
    std::destroy_n(tnode.places(), tnode.place_count());
    tnode.~fib_tnode();
    ::operator delete(&tnode);
}

}  // namespace rxpath
