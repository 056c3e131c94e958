// The routes the kernel makes for an address, and which of them go with it (fib_add_ifaddr(), fib_del_ifaddr() in
// net/ipv4/fib_frontend.c).
#include <algorithm>

#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

ipv4_prefix host_prefix(ipv4_address address) { return {address, 32}; }

ipv4_address last_address(const ipv4_prefix& prefix) { return {prefix.address.value | ~prefix.mask()}; }

bool same_network(const in_ifaddr& a, const in_ifaddr& b) {
    return a.ifa_prefix.length == b.ifa_prefix.length && a.ifa_prefix.address == b.ifa_prefix.address;
}

// The first address of the device in this one's network (inet_ifa_byprefix()): the primary one.
const in_ifaddr* inet_ifa_byprefix(const net_device& dev, const in_ifaddr& ifa) {
    const auto& list = dev.ip.ifa_list;
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const in_ifaddr& other) { return same_network(other, ifa); });
    return found != list.end() ? &*found : nullptr;
}

// Does the address have a network beside itself?
bool has_network(const in_ifaddr& ifa) {
    return !ifa.ifa_prefix.address.is_unspecified() &&
           (ifa.ifa_prefix.address != ifa.ifa_local || ifa.ifa_prefix.length < 32);
}

route_type network_type(const net_device& dev) { return dev.loopback ? route_type::local : route_type::unicast; }

// A route as the kernel makes it for an address (fib_magic()).
fib_config magic(route_type type, ipv4_prefix dst, net_device& dev, const in_ifaddr& primary,
                 std::uint32_t priority = 0) {
    fib_config config;
    config.dst = dst;
    config.type = type;
    config.table = type == route_type::unicast ? rt_table_main : rt_table_local;
    config.protocol = route_protocol::kernel;
    config.scope = type == route_type::local ? route_scope::host : route_scope::link;
    config.prefsrc = primary.ifa_local;
    config.priority = priority;
    config.nexthops.push_back({&dev, {}, 1, false});
    return config;
}

// What other addresses of the device still need of an address that goes.
struct still_needed {
    bool local = false;      // the address itself
    bool broadcast = false;  // its broadcast address
    bool last = false;       // the last address of its network
    bool first = false;      // the first one
    bool promotion = false;  // the address stays on the device
};

// One look at all of the device's addresses, as fib_del_ifaddr() does it.
class needs_of_others {
public:
    needs_of_others(const net_device& dev, const in_ifaddr& ifa, const in_ifaddr& primary, const in_ifaddr* leaving)
        : m_dev(dev), m_ifa(ifa), m_primary(primary), m_leaving(leaving) {}

    still_needed look() {
        for (const auto& other : m_dev.ip.ifa_list) {
            if (&other == &m_ifa)
                m_needed.promotion = true;
            else if (shares_source(other))
                note(other);
        }
        return m_needed;
    }

private:
    // Are the other address's routes made with the same preferred source?
    bool shares_source(const in_ifaddr& other) {
        if (m_leaving && same_network(other, *m_leaving)) return false;
        if (!other.secondary) {
            if (m_primary.ifa_local != other.ifa_local) return false;
            m_others_primary = &other;
            m_same_prefsrc = m_same_prefsrc || &m_primary != &other;
            return true;
        }
        if (same_network(other, m_primary)) {
            m_others_primary = &m_primary;
            return true;
        }
        if (!m_same_prefsrc) return false;
        if (!m_others_primary || !same_network(other, *m_others_primary))
            m_others_primary = inet_ifa_byprefix(m_dev, other);
        return m_others_primary && m_others_primary->ifa_local == m_primary.ifa_local;
    }

    void note(const in_ifaddr& other) {
        const auto last = last_address(m_ifa.ifa_prefix), first = m_ifa.ifa_prefix.address;
        m_needed.local = m_needed.local || m_ifa.ifa_local == other.ifa_local;
        note_broadcast(other.ifa_broadcast, last, first);
        if (m_others_primary != &other || other.ifa_prefix.length >= 31) return;
        if (other.ifa_prefix.address.is_unspecified()) return;
        note_broadcast(last_address(other.ifa_prefix), last, first);
        note_broadcast(other.ifa_prefix.address, last, first);
    }
    void note_broadcast(ipv4_address kept, ipv4_address last, ipv4_address first) {
        m_needed.broadcast = m_needed.broadcast || m_ifa.ifa_broadcast == kept;
        m_needed.last = m_needed.last || last == kept;
        m_needed.first = m_needed.first || first == kept;
    }

    const net_device& m_dev;
    const in_ifaddr& m_ifa;
    const in_ifaddr& m_primary;
    const in_ifaddr* m_leaving;
    const in_ifaddr* m_others_primary = nullptr;
    bool m_same_prefsrc = false;
    still_needed m_needed;
};

}  // namespace

// Those that are there already stay.
void ipv4_routing::fib_add_ifaddr(net_device& dev, const in_ifaddr& ifa) {
    const auto* primary = ifa.secondary ? inet_ifa_byprefix(dev, ifa) : &ifa;
    const auto make = [&](route_type type, ipv4_prefix dst, std::uint32_t priority) {
        static_cast<void>(insert(magic(type, dst, dev, *primary, priority), fib_insert_mode::append));
    };
    if (!primary) return;
    make(route_type::local, host_prefix(ifa.ifa_local), 0);
    if (!dev.up) return;
    if (!ifa.ifa_broadcast.is_unspecified() && !ifa.ifa_broadcast.is_limited_broadcast())
        make(route_type::broadcast, host_prefix(ifa.ifa_broadcast), 0);
    if (ifa.secondary || !has_network(ifa)) return;
    if (!ifa.noprefixroute) make(network_type(dev), ifa.ifa_prefix, ifa.rt_priority);
    if (ifa.ifa_prefix.length < 31) make(route_type::broadcast, host_prefix(last_address(ifa.ifa_prefix)), 0);
}

// `leaving` is the primary address whose network's secondary ones are being promoted.
void ipv4_routing::fib_del_ifaddr(net_device& dev, const in_ifaddr& ifa, const in_ifaddr* leaving) {
    const auto* primary = ifa.secondary ? inet_ifa_byprefix(dev, ifa) : &ifa;
    if (!primary) return;
    const auto take = [&](route_type type, ipv4_prefix dst) {
        static_cast<void>(remove(magic(type, dst, dev, *primary)));
    };
    const bool with_network = !ifa.secondary && has_network(ifa);
    if (with_network && !ifa.noprefixroute) take(network_type(dev), ifa.ifa_prefix);
    const auto needed = needs_of_others{dev, ifa, *primary, leaving}.look();
    if (!needed.broadcast) take(route_type::broadcast, host_prefix(ifa.ifa_broadcast));
    if (with_network && ifa.ifa_prefix.length < 31) {
        if (!needed.last) take(route_type::broadcast, host_prefix(last_address(ifa.ifa_prefix)));
        if (!needed.first) take(route_type::broadcast, host_prefix(ifa.ifa_prefix.address));
    }
    if (needed.local) return;
    take(route_type::local, host_prefix(ifa.ifa_local));
    const bool is_gone = !needed.promotion && !is_local_in(rt_table_local, ifa.ifa_local);
    if (is_gone && m_infos.sync_down_addr(ifa.ifa_local) > 0) flush();
}

void ipv4_routing::fib_move_prefix_route(net_device& dev, const in_ifaddr& ifa, std::uint32_t before) {
    if (!dev.up || ifa.secondary || ifa.noprefixroute || !has_network(ifa)) return;
    static_cast<void>(
        insert(magic(network_type(dev), ifa.ifa_prefix, dev, ifa, ifa.rt_priority), fib_insert_mode::append));
    static_cast<void>(remove(magic(network_type(dev), ifa.ifa_prefix, dev, ifa, before)));
}

}  // namespace rxpath
