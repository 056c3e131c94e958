// The routes that no nexthop caches (struct uncached_list, net/ipv4/route.c): somebody else holds their references, and
// the list lets the device's going reach them. One list here; the kernel has one a core.
#pragma once

#include <cstddef>

#include "models/routing/rtable.h"

namespace rxpath {

struct uncached_list {
    list_head head{&head, &head};

    std::size_t size() const;
};

// rt_add_uncached_list() and rt_del_uncached_list(); removing a route that is on no list does nothing.
void rt_add_uncached_list(receive_context& context, rtable& route);
void rt_del_uncached_list(rtable& route);
// Every route through `dev` leaves it (rt_flush_dev()).
void rt_flush_dev(uncached_list& list, const net_device& dev);

}  // namespace rxpath
