#include "models/routing/works_on.h"

#include <algorithm>

#include "models/base/memory_objects.h"
#include "models/routing/dst_slab.h"

namespace rxpath {

namespace {

// Nodes and routes of a trie have no number, to keep a million of them small: their place in memory is drawn by what
// they stand for. No two are likely to share one.
std::uint64_t place_drawn_by(std::uint64_t identity) {
    constexpr std::uint64_t golden_ratio = 0x9e37'79b9'7f4a'7c15;
    constexpr unsigned place_bits = 30;
    return identity * golden_ratio >> (64 - place_bits);
}

constexpr std::uint64_t tnode_bytes = 40, pointer_bytes = 8;  // struct tnode without children, and each of them

// A node with many children takes several places: it begins where as many may follow.
heap_address address_of_node(const fib_node& node) {
    const auto identity = std::uint64_t{node.key} << 16 | std::uint64_t{node.pos} << 8 | node.bits;
    const auto size = tnode_bytes + (node.child_length() * pointer_bytes);
    std::uint64_t places = 1;
    while (places * describe(memory_object::fib_node).bytes < size) places *= 2;
    return address_of(memory_object::fib_node, place_drawn_by(identity) & ~(places - 1));
}

}  // namespace

void works_on_device(call_trace& trace, const net_device& dev) {
    if (!trace.keeps_objects()) return;
    constexpr heap_address napi_in_driver = 984;
    const auto number = static_cast<std::uint64_t>(dev.ifindex);
    trace.works_on_number(memory_object::driver, number);
    trace.works_on(memory_object::napi_struct, address_of(memory_object::driver, number) + napi_in_driver);
    trace.works_on_number(memory_object::net_device, number);
    trace.works_on_number(memory_object::in_device, number);
}

void works_on_packet(call_trace& trace, const sk_buff& skb) {
    trace.works_for(skb.number);
    if (!trace.keeps_objects()) return;
    const auto header = network_header_address(skb);
    const auto transport = std::max<std::uint32_t>(skb.transport_header, ipv4_header_view::size);
    const auto end = header + skb.data + skb.len;
    trace.works_on_number(memory_object::sk_buff, skb.place);
    trace.works_on(memory_object::network_header, header);
    trace.works_on(memory_object::transport_header, header + transport);
    trace.works_on(memory_object::skb_shared_info, (end + cache_line_bytes - 1) / cache_line_bytes * cache_line_bytes);
    if (skb.dev != nullptr) works_on_device(trace, *skb.dev);
    if (skb_valid_dst(skb)) works_on_dst(trace, *skb_dst(skb));
}

void works_on_dst(call_trace& trace, const dst_entry& dst) {
    if (!trace.keeps_objects()) return;
    trace.works_on_number(memory_object::dst_entry, dst_slab::place_of(dst));
    if (dst.dev != nullptr) works_on_dst_device(trace, *dst.dev);
}

void works_on_dst_device(call_trace& trace, const net_device& dev) {
    if (!trace.keeps_objects()) return;
    const auto number = static_cast<std::uint64_t>(dev.ifindex);
    trace.works_on(memory_object::dst_device, address_of(memory_object::net_device, number));
    trace.works_on(memory_object::dst_in_device, address_of(memory_object::in_device, number));
}

void works_on_node(call_trace& trace, const fib_node& node, std::uint64_t index) {
    if (!trace.keeps_objects()) return;
    const auto address = address_of_node(node);
    trace.works_on(memory_object::fib_node, address);
    trace.works_on(memory_object::fib_child, address + tnode_bytes + index * pointer_bytes);
}

void works_on_alias(call_trace& trace, const fib_node& leaf, const fib_alias& alias) {
    if (!trace.keeps_objects()) return;
    const auto identity = std::uint64_t{leaf.key} << 16 | std::uint64_t{alias.fa_slen} << 8 | (alias.tb_id & 0xff);
    trace.works_on_number(memory_object::fib_alias, place_drawn_by(identity));
}

void works_on_fib_info(call_trace& trace, const fib_info& info, std::size_t selected) {
    if (!trace.keeps_objects()) return;
    constexpr heap_address nexthops_in_info = 128, nexthop_bytes = 112;
    const auto address = address_of(memory_object::fib_info, info.place);
    trace.works_on(memory_object::fib_info, address);
    trace.works_on(memory_object::fib_nh, address + nexthops_in_info + selected * nexthop_bytes);
}

}  // namespace rxpath
