// The neighbours of this host (struct neighbour, include/net/neighbour.h): whether one is there and valid, and what
// waits for one that is not (net/core/neighbour.c).
//
// ARP is not modelled: a neighbour answers as soon as it is asked or, where nobody does, never. What waits for it holds
// its dst until it is there, or is given up.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "models/base/net_device.h"
#include "models/base/units.h"

namespace rxpath {

struct dst_entry;

struct waiting_packet {
    dst_entry* dst;  // with a reference
    std::uint32_t truesize;
};

struct neighbour {
    const net_device* dev;
    ipv4_address primary_key;
    bool valid;              // nud_state & NUD_VALID
    bool permanent = false;  // NUD_PERMANENT
    picoseconds asked{};     // when, unless valid
    std::deque<waiting_packet> arp_queue{};
};

class neighbour_table {
public:
    neighbour_table() = default;
    neighbour_table(const neighbour_table&) = delete;
    neighbour_table& operator=(const neighbour_table&) = delete;
    ~neighbour_table();

    // Null: there is no such neighbour (__ipv4_neigh_lookup()).
    const neighbour* lookup(const net_device& dev, ipv4_address address) const;
    neighbour* find(const net_device& dev, ipv4_address address);
    // Makes it, or changes it; what waited for one that is valid now is sent.
    void set(const net_device& dev, ipv4_address address, bool valid, bool permanent = false);
    // Makes one that is asked for at that time.
    neighbour& create(const net_device& dev, ipv4_address address, picoseconds now);
    // False when there is none.
    bool remove(const net_device& dev, ipv4_address address);
    // Removes those of a device, or all but the permanent ones (neigh_flush_dev()).
    void forget(const net_device& dev, bool keep_permanent);
    // What waits for those that did not answer for three seconds is dropped (neigh_timer_handler()).
    void give_up(picoseconds now);
    bool anything_waits() const;
    // Calls visit(const dst_entry&) for each packet that waits.
    template <class Visit>
    void each_waiting(Visit visit) const {
        for (const auto& neighbour : m_neighbours)
            for (const auto& waiting : neighbour.arp_queue) visit(*waiting.dst);
    }

    // No neighbour answers from now on.
    void nobody_answers() { m_answers = false; }
    // Bytes of memory that may wait for one neighbour of the device (net.ipv4.neigh.DEVICE.unres_qlen_bytes); null: of
    // every device that has no limit of its own.
    void set_queue_limit(const net_device* dev, int bytes);
    int queue_limit(const net_device& dev) const;

private:
    struct device_limit {
        const net_device* dev;
        int bytes;
    };

    void remove_if(const std::function<bool(const neighbour&)>& gone);

    std::deque<neighbour> m_neighbours;
    std::vector<device_limit> m_limits;
    int m_default_limit = 212992;  // SK_WMEM_MAX
    bool m_answers = true;
};

}  // namespace rxpath
