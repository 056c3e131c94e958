// Where a namespace's routes live: the kernel's ip_dst_cache (kmem_cache) and RCU's wait before freeing.
//
// Routes have stable addresses. A released route is kept until rcu_quiescent_state(), because packets of the running
// softirq may still point at it; after that its place is used again, last freed first. Places are allocated in pages.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "models/routing/rtable.h"

namespace rxpath {

class ipv4_routing;

class dst_slab {
public:
    explicit dst_slab(ipv4_routing& owner) : m_owner(owner) {}
    dst_slab(const dst_slab&) = delete;
    dst_slab& operator=(const dst_slab&) = delete;

    rtable& allocate();
    // Gives up a dead route; its memory stays until rcu_quiescent_state().
    void free_rcu(rtable& route);
    // No packet is under way: dead routes' places may be used again.
    void rcu_quiescent_state();

    std::size_t in_use() const { return m_pages.size() * page_routes - m_free.size() - m_dead.size(); }
    std::size_t waiting() const { return m_dead.size(); }
    // Every route that somebody may hold, with its place.
    void each_in_use(const std::function<void(const rtable&)>& visit) const;

    // The namespace a route belongs to (dev_net(dst->dev) in the kernel, which a dead dst has lost).
    static ipv4_routing& owner_of(const dst_entry& dst);
    static dst_slab& of(const dst_entry& dst);
    // Which place of its slab the route has, from 0.
    static std::uint32_t place_of(const dst_entry& dst);

private:
    static constexpr std::size_t page_routes = 16;
    struct alignas(64) place {
        rtable route;
        dst_slab* slab = nullptr;
        std::uint32_t number = 0;
    };

    ipv4_routing& m_owner;
    static const place& place_with(const dst_entry& dst);

    std::vector<std::unique_ptr<place[]>> m_pages;
    std::vector<rtable*> m_free, m_dead;
};

}  // namespace rxpath
