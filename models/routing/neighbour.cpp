#include "models/routing/neighbour.h"

#include <algorithm>

#include "models/routing/dst_entry.h"

namespace rxpath {

namespace {

constexpr auto patience = milliseconds(3 * 1000);  // mcast_solicit questions, retrans_time_ms apart

void purge(neighbour& of) {
    for (const auto& waiting : of.arp_queue) dst_release_immediate(waiting.dst);
    of.arp_queue.clear();
}

}  // namespace

neighbour_table::~neighbour_table() {
    for (auto& each : m_neighbours) purge(each);
}

const neighbour* neighbour_table::lookup(const net_device& dev, ipv4_address address) const {
    return const_cast<neighbour_table*>(this)->find(dev, address);
}

neighbour* neighbour_table::find(const net_device& dev, ipv4_address address) {
    const auto found = std::find_if(m_neighbours.begin(), m_neighbours.end(), [&](const neighbour& each) {
        return each.dev == &dev && each.primary_key == address;
    });
    return found != m_neighbours.end() ? &*found : nullptr;
}

void neighbour_table::set(const net_device& dev, ipv4_address address, bool valid, bool permanent) {
    auto* known = find(dev, address);
    if (!known) known = &m_neighbours.emplace_back(neighbour{&dev, address, valid});
    known->valid = valid;
    known->permanent = permanent;
    if (valid) purge(*known);
}

neighbour& neighbour_table::create(const net_device& dev, ipv4_address address, picoseconds now) {
    auto& made = m_neighbours.emplace_back(neighbour{&dev, address, m_answers});
    made.asked = now;
    return made;
}

bool neighbour_table::anything_waits() const {
    return std::any_of(m_neighbours.begin(), m_neighbours.end(), [](auto& each) { return !each.arp_queue.empty(); });
}

bool neighbour_table::remove(const net_device& dev, ipv4_address address) {
    if (!find(dev, address)) return false;
    remove_if([&](const neighbour& each) { return each.dev == &dev && each.primary_key == address; });
    return true;
}

void neighbour_table::forget(const net_device& dev, bool keep_permanent) {
    remove_if([&](const neighbour& each) { return each.dev == &dev && !(keep_permanent && each.permanent); });
}

void neighbour_table::remove_if(const std::function<bool(const neighbour&)>& gone) {
    for (auto& each : m_neighbours)
        if (gone(each)) purge(each);
    m_neighbours.erase(std::remove_if(m_neighbours.begin(), m_neighbours.end(), gone), m_neighbours.end());
}

void neighbour_table::give_up(picoseconds now) {
    for (auto& each : m_neighbours)
        if (!each.valid && now >= each.asked + patience) purge(each);
}

void neighbour_table::set_queue_limit(const net_device* dev, int bytes) {
    if (dev == nullptr) {
        m_default_limit = bytes;
        return;
    }
    const auto known =
        std::find_if(m_limits.begin(), m_limits.end(), [dev](const auto& limit) { return limit.dev == dev; });
    if (known != m_limits.end())
        known->bytes = bytes;
    else
        m_limits.push_back({dev, bytes});
}

int neighbour_table::queue_limit(const net_device& dev) const {
    const auto own =
        std::find_if(m_limits.begin(), m_limits.end(), [&](const auto& limit) { return limit.dev == &dev; });
    return own != m_limits.end() ? own->bytes : m_default_limit;
}

}  // namespace rxpath
