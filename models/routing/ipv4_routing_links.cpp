// Devices that come, go up and down and change (fib_netdev_event() in net/ipv4/fib_frontend.c, inetdev_event() in
// devinet.c).
#include <algorithm>
#include <utility>

#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

constexpr ipv4_address loopback_address{0x7f000001};
constexpr std::uint32_t least_mtu = 68;  // below it IP is off on a device (inetdev_valid_mtu())

}  // namespace

void ipv4_routing::device_registered(net_device& dev) {
    dev.ip.cnf = m_sysctls.devconf_default;
    m_rules.attach(dev);
}

void ipv4_routing::sync_up(const net_device& dev) {
    if (dev.up) m_infos.sync_up(dev, rtnh_f_dead | (dev.carrier ? rtnh_f_linkdown : 0), devconf_all());
}

// Nothing leads through the device any more; with `force` not even to the host's own addresses on it.
void ipv4_routing::fib_disable_ip(const net_device& dev, bool force) {
    if (m_infos.sync_down_dev(dev, rtnh_f_dead | rtnh_f_linkdown, force, devconf_all()) > 0) return flush();
    rt_cache_flush();
}

void ipv4_routing::link_up(net_device& dev) {
    if (dev.up) return;
    dev.up = true;
    dev.qdisc_active = dev.carrier;
    if (dev.loopback) {
        in_ifaddr address;
        address.ifa_local = loopback_address;
        address.ifa_prefix.length = 8;
        address.ifa_scope = route_scope::host;
        static_cast<void>(address_add(dev, address, false));  // it is there already when the device was up before
    }
    join_group(dev, all_hosts_group);  // ip_mc_up()
    for (const auto& address : dev.ip.ifa_list) fib_add_ifaddr(dev, address);
    sync_up(dev);
    rt_cache_flush();
}

void ipv4_routing::link_down(net_device& dev) {
    if (!dev.up) return;
    dev.up = dev.qdisc_active = false;
    leave_group(dev, all_hosts_group);  // ip_mc_down()
    fib_disable_ip(dev, false);
    m_neighbours.forget(dev, false);  // neigh_ifdown()
}

void ipv4_routing::set_carrier(net_device& dev, bool carrier, picoseconds now) {
    if (dev.carrier == carrier) return;
    dev.carrier = carrier;
    m_linkwatch.fire_event(dev, jiffies(now));
    run_timers(now);
}

void ipv4_routing::run_timers(picoseconds now) {
    m_infos.run_rcu_callbacks(now);
    m_neighbours.give_up(now);
    for (auto* dev : m_linkwatch.run_queue(jiffies(now))) {
        if (!dev->up) continue;
        dev->qdisc_active = dev->carrier;
        link_changed(*dev);
        if (!dev->carrier) m_neighbours.forget(*dev, true);  // neigh_carrier_down()
    }
}

bool ipv4_routing::timers_pending() const {
    return m_infos.rcu_callbacks_pending() || m_neighbours.anything_waits() || m_linkwatch.pending();
}

void ipv4_routing::set_group(net_device& dev, int group) {
    dev.group = group;
    link_changed(dev);
}

// NETDEV_CHANGE, which also comes when it was not the carrier that changed.
void ipv4_routing::link_changed(const net_device& dev) {
    if (!dev.up) return;
    if (dev.carrier)
        m_infos.sync_up(dev, rtnh_f_linkdown, devconf_all());
    else
        m_infos.sync_down_dev(dev, rtnh_f_linkdown, false, devconf_all());
    rt_cache_flush();
}

void ipv4_routing::join_group(net_device& dev, ipv4_address group) {
    auto& groups = dev.ip.mc_list;
    if (std::find(groups.begin(), groups.end(), group) != groups.end()) return;
    groups.insert(groups.begin(), group);
    rt_cache_flush();  // ip_rt_multicast_event()
}

void ipv4_routing::leave_group(net_device& dev, ipv4_address group) {
    auto& groups = dev.ip.mc_list;
    const auto found = std::find(groups.begin(), groups.end(), group);
    if (found == groups.end()) return;
    groups.erase(found);
    rt_cache_flush();
}

void ipv4_routing::set_mtu(net_device& dev, std::uint32_t mtu) {
    if (dev.mtu == mtu) return;
    const auto before = std::exchange(dev.mtu, mtu);
    if (before < least_mtu && mtu >= least_mtu) device_registered(dev);  // IP begins anew
    if (mtu < least_mtu)
        while (!dev.ip.ifa_list.empty()) unlink_address(dev, 0);
    m_infos.sync_mtu(dev, before);
    rt_cache_flush();
}

}  // namespace rxpath
