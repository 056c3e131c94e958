// A chain that ends in a number instead of null (include/linux/list_nulls.h). The number is its bucket's: who walks the
// chain without a lock, while entries move to other buckets, sees at the end whether it has strayed.
#pragma once

#include <cstdint>

namespace rxpath {

// One link of a chain: to the next entry, or its end. Entries are aligned, so that an odd value is no address.
template <class Entry>
class hlist_nulls_link {
public:
    hlist_nulls_link() = default;
    explicit hlist_nulls_link(Entry& next) : m_value(reinterpret_cast<std::uintptr_t>(&next)) {}
    // The end of the chain with this number, below 2^63 (NULLS_MARKER()).
    static hlist_nulls_link end(std::uint64_t number) {
        hlist_nulls_link link;
        link.m_value = number << 1 | 1;
        return link;
    }

    bool is_a_nulls() const { return (m_value & 1) != 0; }
    std::uint64_t nulls_value() const { return m_value >> 1; }
    Entry& entry() const { return *reinterpret_cast<Entry*>(m_value); }

private:
    std::uintptr_t m_value = 1;
};

}  // namespace rxpath
