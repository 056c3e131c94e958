// Addresses and links, and the routes the kernel makes for them (net/ipv4/devinet.c, fib_add_ifaddr() in
// fib_frontend.c).
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

constexpr ipv4_address loopback_address{0x7f000001};
constexpr std::uint32_t least_mtu = 68;

// inet_addr_hash(): the address in network byte order, hashed to 8 bits. The kernel adds a key of the boot.
std::size_t inet_addr_hash(ipv4_address address) {
    constexpr std::uint32_t golden_ratio_32 = 0x61c88647;
    return (__builtin_bswap32(address.value) * golden_ratio_32) >> 24;
}

ipv4_prefix host_prefix(ipv4_address address) { return {address, 32}; }

ipv4_address last_address(const ipv4_prefix& prefix) { return {prefix.address.value | ~prefix.mask()}; }

bool same_network(const in_ifaddr& a, const in_ifaddr& b) {
    return a.ifa_prefix.length == b.ifa_prefix.length && a.ifa_prefix.address == b.ifa_prefix.address;
}

// The address that a secondary one depends on; a primary one is its own.
const in_ifaddr& primary_of(const net_device& dev, const in_ifaddr& address) {
    const auto found = std::find_if(dev.ip.ifa_list.begin(), dev.ip.ifa_list.end(), [&](const in_ifaddr& other) {
        return !other.secondary && same_network(other, address);
    });
    return address.secondary && found != dev.ip.ifa_list.end() ? *found : address;
}

// A route as the kernel makes it for an address (fib_magic()).
fib_config magic(route_type type, ipv4_prefix dst, net_device& dev, ipv4_address prefsrc) {
    fib_config config;
    config.dst = dst;
    config.type = type;
    config.table = type == route_type::unicast ? rt_table_main : rt_table_local;
    config.protocol = route_protocol::kernel;
    config.scope = type == route_type::local ? route_scope::host : route_scope::link;
    config.prefsrc = prefsrc;
    config.nexthops.push_back({&dev, {}, 1, false});
    return config;
}

// The routes of an address, in the order the kernel makes them; the first alone while the device is down.
std::vector<fib_config> routes_of(net_device& dev, const in_ifaddr& address) {
    const auto source = primary_of(dev, address).ifa_local;
    const auto& network = address.ifa_prefix;
    std::vector<fib_config> routes{magic(route_type::local, host_prefix(address.ifa_local), dev, source)};
    if (!address.ifa_broadcast.is_unspecified() && !address.ifa_broadcast.is_limited_broadcast())
        routes.push_back(magic(route_type::broadcast, host_prefix(address.ifa_broadcast), dev, source));
    const bool has_network = !network.address.is_unspecified() && !address.secondary &&
                             (network.address != address.ifa_local || network.length < 32);
    if (!has_network) return routes;
    routes.push_back(magic(dev.loopback ? route_type::local : route_type::unicast, network, dev, source));
    if (network.length < 31)
        routes.push_back(magic(route_type::broadcast, host_prefix(last_address(network)), dev, source));
    return routes;
}

}  // namespace

const std::vector<ipv4_address>& ipv4_routing::address_bucket(ipv4_address address) const {
    return m_addresses[inet_addr_hash(address)];
}

void ipv4_routing::hash_insert(ipv4_address address) {
    auto& bucket = m_addresses[inet_addr_hash(address)];
    bucket.insert(bucket.begin(), address);
}

void ipv4_routing::hash_remove(ipv4_address address) {
    auto& bucket = m_addresses[inet_addr_hash(address)];
    bucket.erase(std::find(bucket.begin(), bucket.end(), address));
}

configuration_error ipv4_routing::address_add(net_device& dev, in_ifaddr address) {
    auto& list = dev.ip.ifa_list;
    address.ifa_prefix.address.value = address.ifa_local.value & address.ifa_prefix.mask();
    address.secondary = false;
    auto place = list.begin();  // after the last primary address of at least this scope
    for (auto other = list.begin(); other != list.end(); ++other) {
        if (!other->secondary && address.ifa_scope <= other->ifa_scope) place = other + 1;
        if (!same_network(*other, address)) continue;
        if (other->ifa_local == address.ifa_local)
            return fmt::format("{} has address {} already", dev.name, address.ifa_local.to_string());
        address.secondary = true;
    }
    if (address.secondary) place = list.end();
    list.insert(place, address);
    hash_insert(address.ifa_local);
    add_ifaddr(dev, address);
    if (dev.up) m_infos.sync_up(dev, rtnh_f_dead | (dev.carrier ? rtnh_f_linkdown : 0), devconf_all());
    rt_cache_flush();
    return std::nullopt;
}

void ipv4_routing::add_ifaddr(net_device& dev, const in_ifaddr& address) {
    auto routes = routes_of(dev, address);
    if (!dev.up) routes.resize(1);
    for (const auto& route : routes)
        static_cast<void>(insert(route, fib_insert_mode::append));  // those there already stay
}

configuration_error ipv4_routing::address_del(net_device& dev, ipv4_address local, std::uint8_t prefix_length) {
    auto& list = dev.ip.ifa_list;
    const auto found = std::find_if(list.begin(), list.end(), [&](const in_ifaddr& address) {
        return address.ifa_local == local && address.ifa_prefix.length == prefix_length;
    });
    if (found == list.end()) return fmt::format("{} has no address {}/{}", dev.name, local.to_string(), prefix_length);
    const auto gone = *found;
    if (!gone.secondary)  // without promote_secondaries, the secondary addresses of its network go with it
        for (auto i = list.size(); i-- > 0;)
            if (list[i].secondary && same_network(list[i], gone)) delete_entry(dev, i);
    const auto again = std::find_if(list.begin(), list.end(), [&](const in_ifaddr& address) {
        return address.ifa_local == local && address.ifa_prefix.length == prefix_length;
    });
    delete_entry(dev, static_cast<std::size_t>(again - list.begin()));
    return std::nullopt;
}

void ipv4_routing::delete_entry(net_device& dev, std::size_t index) {
    auto& list = dev.ip.ifa_list;
    const auto gone = list[index];
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
    hash_remove(gone.ifa_local);
    del_ifaddr(dev, gone);
    if (list.empty() && m_infos.sync_down_dev(dev, rtnh_f_dead | rtnh_f_linkdown, true, devconf_all()) > 0)
        return flush();
    rt_cache_flush();
}

// Takes the address's routes away, network first, except those that another address still needs (fib_del_ifaddr()).
void ipv4_routing::del_ifaddr(net_device& dev, const in_ifaddr& address) {
    std::vector<fib_config> needed;
    for (const auto& other : dev.ip.ifa_list)
        for (auto& route : routes_of(dev, other)) needed.push_back(std::move(route));
    auto routes = routes_of(dev, address);
    std::stable_partition(routes.begin(), routes.end(), [&](const fib_config& route) {
        return route.dst.length < 32 || route.type == route_type::unicast;
    });
    for (const auto& route : routes) {
        const bool shared = std::any_of(needed.begin(), needed.end(), [&](const fib_config& other) {
            return other.type == route.type && other.dst.address == route.dst.address &&
                   other.dst.length == route.dst.length && other.prefsrc == route.prefsrc;
        });
        if (!shared) static_cast<void>(remove(route));
    }
    if (!is_local_in(rt_table_local, address.ifa_local) && m_infos.sync_down_addr(address.ifa_local) > 0) flush();
}

void ipv4_routing::link_up(net_device& dev) {
    if (dev.up) return;
    dev.up = true;
    if (dev.loopback) {
        in_ifaddr address;
        address.ifa_local = loopback_address;
        address.ifa_prefix.length = 8;
        address.ifa_scope = route_scope::host;
        static_cast<void>(address_add(dev, address));  // it is there already when the device was up before
    }
    for (const auto& address : dev.ip.ifa_list) add_ifaddr(dev, address);
    m_infos.sync_up(dev, rtnh_f_dead | (dev.carrier ? rtnh_f_linkdown : 0), devconf_all());
    rt_cache_flush();
}

void ipv4_routing::link_down(net_device& dev) {
    if (!dev.up) return;
    dev.up = false;
    if (m_infos.sync_down_dev(dev, rtnh_f_dead | rtnh_f_linkdown, false, devconf_all()) > 0) return flush();
    rt_cache_flush();
}

void ipv4_routing::set_carrier(net_device& dev, bool carrier) {
    if (dev.carrier == carrier) return;
    dev.carrier = carrier;
    if (carrier)
        m_infos.sync_up(dev, rtnh_f_linkdown, devconf_all());
    else
        m_infos.sync_down_dev(dev, rtnh_f_linkdown, false, devconf_all());
    rt_cache_flush();
}

void ipv4_routing::set_mtu(net_device& dev, std::uint32_t mtu) {
    if (dev.mtu == mtu) return;
    m_infos.sync_mtu(dev, std::exchange(dev.mtu, mtu));
    if (mtu < least_mtu)
        while (!dev.ip.ifa_list.empty()) delete_entry(dev, dev.ip.ifa_list.size() - 1);
    rt_cache_flush();
}

}  // namespace rxpath
