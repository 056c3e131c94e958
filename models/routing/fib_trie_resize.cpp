#include "models/routing/fib_trie_resize.h"

#include <algorithm>
#include <utility>

namespace rxpath {

namespace {

// Percent of children in use at which a node doubles or halves; the top node is kept larger.
constexpr std::uint64_t inflate_threshold = 50, inflate_threshold_root = 30;
constexpr std::uint64_t halve_threshold = 25, halve_threshold_root = 15;
constexpr int max_work = 10;  // resizings of one node at a time

// Nothing lies between the parent's bits and this node's.
bool tnode_full(const fib_tnode& parent, const fib_node* child) {
    return child && !child->is_leaf() && child->pos + child->bits == parent.pos;
}

bool should_inflate(const fib_tnode& parent, const fib_tnode& node) {
    const auto length = node.child_length();
    const auto used = length - node.empty_children + node.full_children;
    const auto threshold = length * (parent.is_trie() ? inflate_threshold_root : inflate_threshold);
    return used > 1 && node.pos != 0 && 50 * used >= threshold;
}

bool should_halve(const fib_tnode& parent, const fib_tnode& node) {
    const auto length = node.child_length();
    const auto used = length - node.empty_children;
    const auto threshold = length * (parent.is_trie() ? halve_threshold_root : halve_threshold);
    return used > 1 && node.bits > 1 && 100 * used < threshold;
}

bool should_collapse(const fib_tnode& node) { return node.child_length() - node.empty_children < 2; }

// `grown` takes old_node's place; its full children are resized in turn. Answers the parent.
fib_tnode* replace(fib_tnode& old_node, fib_node_owner<fib_tnode> grown) {
    auto& parent = *old_node.parent;
    auto* node = grown.get();
    put_child_root(parent, node->key, std::move(grown));
    for (auto i = node->child_length(); i > 0;) {
        auto* child = node->child(--i);
        if (tnode_full(*node, child)) node = resize(tnode_of(*child));
    }
    return &parent;
}

// A full child with more than two children of its own becomes two nodes, one for each value of the bit that moves up.
void split_child(fib_tnode& grown, std::uint64_t index, fib_tnode& child) {
    auto high = tnode_new(child.key | (1u << grown.pos), child.pos, static_cast<std::uint8_t>(child.bits - 1));
    auto low = tnode_new(child.key, child.pos, static_cast<std::uint8_t>(child.bits - 1));
    const auto half = child.child_length() / 2;
    for (auto j = half; j > 0;) {
        --j;
        put_child(*high, j, std::move(child.place(half + j)));
        put_child(*low, j, std::move(child.place(j)));
    }
    put_child(grown, 2 * index + 1, std::move(high));
    put_child(grown, 2 * index, std::move(low));
}

fib_tnode* inflate(fib_tnode& old_node) {
    auto grown = tnode_new(old_node.key, static_cast<std::uint8_t>(old_node.pos - 1),
                           static_cast<std::uint8_t>(old_node.bits + 1));
    for (auto i = old_node.child_length(); i > 0;) {
        auto child = std::move(old_node.place(--i));
        if (!child) continue;
        if (!tnode_full(old_node, child.get())) {
            const auto place = grown->cindex(child->key);
            put_child(*grown, place, std::move(child));
        } else if (auto& full = tnode_of(*child); full.bits == 1) {
            put_child(*grown, 2 * i + 1, std::move(full.place(1)));
            put_child(*grown, 2 * i, std::move(full.place(0)));
        } else {
            split_child(*grown, i, full);
        }
    }
    return replace(old_node, std::move(grown));
}

fib_tnode* halve(fib_tnode& old_node) {
    auto shrunk = tnode_new(old_node.key, static_cast<std::uint8_t>(old_node.pos + 1),
                            static_cast<std::uint8_t>(old_node.bits - 1));
    for (auto i = old_node.child_length(); i > 0; i -= 2) {
        auto high = std::move(old_node.place(i - 1));
        auto low = std::move(old_node.place(i - 2));
        const auto place = (i - 2) / 2;
        if (!high || !low) {
            put_child(*shrunk, place, high ? std::move(high) : std::move(low));
            continue;
        }
        auto pair = tnode_new(low->key, old_node.pos, 1);
        put_child(*pair, 1, std::move(high));
        put_child(*pair, 0, std::move(low));
        put_child(*shrunk, place, std::move(pair));
    }
    return replace(old_node, std::move(shrunk));
}

// The only child, if any, takes the node's place.
fib_tnode* collapse(fib_tnode& node) {
    fib_node_ptr child;
    for (auto i = node.child_length(); !child && i > 0;) child = std::move(node.place(--i));
    auto& parent = *node.parent;
    put_child_root(parent, node.key, std::move(child));
    return &parent;
}

}  // namespace

fib_node_owner<fib_tnode> tnode_new(std::uint32_t key, std::uint8_t pos, std::uint8_t bits) {
    auto node = tnode_alloc(bits);
    const int shift = pos + bits;
    node->key = shift < 32 ? key >> shift << shift : 0;
    node->pos = pos;
    node->slen = pos;
    node->empty_children = std::uint32_t{1} << bits;
    return node;
}

void put_child(fib_tnode& parent, std::uint64_t index, fib_node_ptr child) {
    auto& place = parent.place(index);
    if (place && !child) ++parent.empty_children;
    if (!place && child) --parent.empty_children;
    if (tnode_full(parent, place.get())) --parent.full_children;
    if (tnode_full(parent, child.get())) ++parent.full_children;
    if (child) {
        parent.slen = std::max(parent.slen, child->slen);
        child->parent = &parent;
    }
    place = std::move(child);
}

fib_node_ptr take_child(fib_tnode& parent, std::uint64_t index) {
    auto child = std::move(parent.place(index));
    if (parent.is_trie() || !child) return child;
    ++parent.empty_children;
    if (tnode_full(parent, child.get())) --parent.full_children;
    return child;
}

void put_child_root(fib_tnode& parent, std::uint32_t key, fib_node_ptr child) {
    if (!parent.is_trie()) return put_child(parent, parent.cindex(key), std::move(child));
    if (child) child->parent = &parent;
    parent.place(0) = std::move(child);  // the root's only place: nothing to count
}

fib_tnode* resize(fib_tnode& start) {
    auto* node = &start;
    auto* parent = node->parent;
    const auto index = parent->cindex(node->key);
    int work = max_work;
    while (should_inflate(*parent, *node) && work > 0) {
        parent = inflate(*node);
        --work;
        node = &tnode_of(*parent->child(index));
    }
    if (work != max_work) return node->parent;
    while (should_halve(*parent, *node) && work > 0) {
        parent = halve(*node);
        --work;
        node = &tnode_of(*parent->child(index));
    }
    return should_collapse(*node) ? collapse(*node) : node->parent;
}

void node_push_suffix(fib_tnode* node, std::uint8_t slen) {
    for (; node->slen < slen; node = node->parent) node->slen = slen;
}

void node_pull_suffix(fib_tnode* node, std::uint8_t slen) {
    for (auto node_slen = node->slen; node_slen > node->pos && node_slen > slen; node_slen = node->slen) {
        slen = update_suffix(*node);
        if (node_slen == slen) return;
        node = node->parent;
    }
}

std::uint8_t update_suffix(fib_tnode& node) {
    auto slen = node.pos;
    // Only child 0 can have a suffix that reaches this node's highest bit.
    const auto slen_max = std::min<std::uint8_t>(static_cast<std::uint8_t>(node.pos + node.bits - 1), node.slen);
    std::uint64_t stride = 2;
    for (std::uint64_t i = 0; i < node.child_length(); i += stride) {
        const auto* child = node.child(i);
        if (!child || child->slen <= slen) continue;
        stride <<= child->slen - slen;
        slen = child->slen;
        i &= ~(stride - 1);
        if (slen >= slen_max) break;
    }
    return node.slen = slen;
}

}  // namespace rxpath
