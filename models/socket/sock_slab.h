// A kernel slab for one kind of socket: objects keep their addresses, freed ones are used again, last freed first.
#pragma once

#include <memory>
#include <vector>

#include "models/socket/sock.h"

namespace rxpath {

template <class Sock>
class sock_slab final : public sock_allocator {
public:
    // A fresh socket without references.
    Sock& alloc() {
        if (m_free.is_a_nulls()) grow();
        auto& sk = static_cast<Sock&>(m_free.entry());
        m_free = sk.skc_nulls_node;
        ++m_in_use;
        const auto place = sk.skc_place;
        sk = Sock{};
        sk.skc_place = place;
        sk.skc_allocator = this;
        sk.skc_generation = ++m_generation;
        return sk;
    }
    void free(sock_common& sk) override {
        sk.skc_generation = 0;
        add_free(sk);
        --m_in_use;
    }
    std::size_t in_use() const { return m_in_use; }
    // Calls visit(sk) for each that is not free.
    template <class Visit>
    void each_in_use(Visit visit) const {
        for (const auto& slab : m_slabs)
            for (std::size_t i = 0; i < objects_per_slab; ++i)
                if (slab[i].skc_generation != 0) visit(slab[i]);
    }

private:
    static constexpr std::size_t objects_per_slab = 16;
    void grow() {
        const auto places = m_slabs.size() * objects_per_slab;
        m_slabs.push_back(std::make_unique<Sock[]>(objects_per_slab));
        for (std::size_t i = objects_per_slab; i-- > 0;) {
            m_slabs.back()[i].skc_place = static_cast<std::uint32_t>(places + i);
            add_free(m_slabs.back()[i]);
        }
    }
    void add_free(sock_common& sk) {
        sk.skc_nulls_node = m_free;
        m_free = hlist_nulls_link<sock_common>{sk};
    }

    std::vector<std::unique_ptr<Sock[]>> m_slabs;
    hlist_nulls_link<sock_common> m_free;  // the last one freed, and on through the free ones
    std::size_t m_in_use = 0;
    std::uint64_t m_generation = 0;
};

}  // namespace rxpath
