#include "models/routing/uncached_list.h"

#include "models/base/kernel_functions/napi.h"
#include "models/base/kernel_functions/routing.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

dst_entry& entry_of(list_head& link) {
    return *reinterpret_cast<dst_entry*>(reinterpret_cast<std::uintptr_t>(&link) - offsetof(dst_entry, rt_uncached));
}

}  // namespace

std::size_t uncached_list::size() const {
    std::size_t count = 0;
    for (const auto* link = head.next; link != &head; link = link->next) ++count;
    return count;
}

void rt_add_uncached_list(receive_context& context, rtable& route) {
    kernel_call here{context.trace, fn::rt_add_uncached_list};
    context.trace.leaf(fn::_raw_spin_lock_bh);
    context.trace.leaf(fn::__list_add_valid_or_report);
    auto& list = dst_slab::owner_of(route.dst).uncached();
    route.dst.rt_uncached = {&list.head, list.head.prev};
    list.head.prev->next = &route.dst.rt_uncached;
    list.head.prev = &route.dst.rt_uncached;
    route.dst.rt_uncached_list = &list;
    {
        kernel_call unlock{context.trace, fn::_raw_spin_unlock_bh};
        context.trace.leaf(fn::__local_bh_enable_ip);
    }
}

void rt_del_uncached_list(rtable& route) {
    auto& link = route.dst.rt_uncached;
    if (!route.dst.rt_uncached_list) return;
    link.prev->next = link.next;
    link.next->prev = link.prev;
    link = {&link, &link};
    route.dst.rt_uncached_list = nullptr;
}

void rt_flush_dev(uncached_list& list, const net_device& dev) {
    for (auto* link = list.head.next; link != &list.head;) {
        auto& dst = entry_of(*link);
        link = link->next;
        if (dst.dev != &dev) continue;
        dst_dev_put(dst);
        rt_del_uncached_list(rtable_of(dst));
    }
}

}  // namespace rxpath
