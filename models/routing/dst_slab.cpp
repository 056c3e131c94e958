#include "models/routing/dst_slab.h"

#include <algorithm>
#include <unordered_set>

namespace rxpath {

rtable& dst_slab::allocate() {
    if (m_free.empty()) {
        m_pages.push_back(std::make_unique<place[]>(page_routes));
        for (std::size_t i = page_routes; i-- > 0;) {
            m_pages.back()[i].slab = this;
            m_pages.back()[i].number = static_cast<std::uint32_t>((m_pages.size() - 1) * page_routes + i);
            m_free.push_back(&m_pages.back()[i].route);
        }
        m_dead.reserve(m_pages.size() * page_routes);
    }
    auto& route = *m_free.back();
    m_free.pop_back();
    route = rtable{};
    return route;
}

void dst_slab::free_rcu(rtable& route) { m_dead.push_back(&route); }

void dst_slab::rcu_quiescent_state() {
    m_free.insert(m_free.end(), m_dead.begin(), m_dead.end());
    m_dead.clear();
}

void dst_slab::each_in_use(const std::function<void(const rtable&)>& visit) const {
    std::unordered_set<const rtable*> others(m_free.begin(), m_free.end());
    others.insert(m_dead.begin(), m_dead.end());
    for (const auto& page : m_pages)
        for (std::size_t i = 0; i < page_routes; ++i)
            if (others.count(&page[i].route) == 0) visit(page[i].route);
}

// Every dst is the first member of a place of the slab.
const dst_slab::place& dst_slab::place_with(const dst_entry& dst) {
    return *reinterpret_cast<const place*>(reinterpret_cast<std::uintptr_t>(&dst));
}

dst_slab& dst_slab::of(const dst_entry& dst) { return *place_with(dst).slab; }

std::uint32_t dst_slab::place_of(const dst_entry& dst) { return place_with(dst).number; }

ipv4_routing& dst_slab::owner_of(const dst_entry& dst) { return of(dst).m_owner; }

}  // namespace rxpath
