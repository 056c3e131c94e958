// struct dst_ops (include/net/dst_ops.h): what a protocol does with its dst entries. Size and offsets are the 64-bit
// kernel's.
//
// check and mtu are modelled; the members that the receive path never calls keep their place and are null.
#pragma once

#include <cstdint>

#include "models/base/receive_context.h"

namespace rxpath {

struct dst_entry;

struct alignas(64) dst_ops {
    using unused_function = void (*)();

    std::uint16_t family;
    std::uint32_t gc_thresh;
    unused_function gc;
    dst_entry* (*check)(receive_context& context, dst_entry& dst, std::uint32_t cookie);
    unused_function default_advmss;
    std::uint32_t (*mtu)(const dst_entry& dst, std::uint64_t now_jiffies);
    unused_function cow_metrics;
    unused_function destroy;
    unused_function ifdown;
    unused_function negative_advice;
    unused_function link_failure;
    unused_function update_pmtu;
    unused_function redirect;
    unused_function local_out;
    unused_function neigh_lookup;
    unused_function confirm_neigh;
    const void* kmem_cachep;
    std::uint64_t pcpuc_entries[5];  // struct percpu_counter
};

}  // namespace rxpath
