// The neighbours that were configured (`ip neigh`, struct neighbour in include/net/neighbour.h): all that routing asks
// is whether one is there and valid. Left out: ARP, so that no neighbour is found or lost by itself.
#pragma once

#include <algorithm>
#include <vector>

#include "models/base/net_device.h"

namespace rxpath {

struct neighbour {
    const net_device* dev;
    ipv4_address primary_key;
    bool valid;  // nud_state & NUD_VALID
};

class neighbour_table {
public:
    // Null: there is no such neighbour (__ipv4_neigh_lookup()).
    const neighbour* lookup(const net_device& dev, ipv4_address address) const {
        const auto found = find(dev, address);
        return found != m_neighbours.end() ? &*found : nullptr;
    }
    void set(const net_device& dev, ipv4_address address, bool valid) {
        remove(dev, address);
        m_neighbours.push_back({&dev, address, valid});
    }
    // False when there is none.
    bool remove(const net_device& dev, ipv4_address address) {
        const auto found = find(dev, address);
        if (found == m_neighbours.end()) return false;
        m_neighbours.erase(found);
        return true;
    }

private:
    std::vector<neighbour> m_neighbours;

    std::vector<neighbour>::const_iterator find(const net_device& dev, ipv4_address address) const {
        return std::find_if(m_neighbours.begin(), m_neighbours.end(),
                            [&](const neighbour& other) { return other.dev == &dev && other.primary_key == address; });
    }
};

}  // namespace rxpath
