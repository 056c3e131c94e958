// Addresses of devices (net/ipv4/devinet.c): primary and secondary ones, their promotion, the hash over all of them.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

// inet_addr_hash(): the address in network byte order, hashed to 8 bits. The kernel adds a key of the boot.
std::size_t inet_addr_hash(ipv4_address address) {
    constexpr std::uint32_t golden_ratio_32 = 0x61c88647;
    return (__builtin_bswap32(address.value) * golden_ratio_32) >> 24;
}

bool same_network(const in_ifaddr& a, const in_ifaddr& b) {
    return a.ifa_prefix.length == b.ifa_prefix.length && a.ifa_prefix.address == b.ifa_prefix.address;
}

std::vector<in_ifaddr>::iterator at(net_device& dev, std::size_t index) {
    return dev.ip.ifa_list.begin() + static_cast<std::ptrdiff_t>(index);
}

// Which of the addresses a command means: local and, when a prefix length is given, network too.
std::size_t find_address(const net_device& dev, ipv4_address local, const std::optional<ipv4_prefix>& network) {
    const auto& list = dev.ip.ifa_list;
    const auto found = std::find_if(list.begin(), list.end(), [&](const in_ifaddr& ifa) {
        return ifa.ifa_local == local &&
               (!network || (ifa.ifa_prefix.length == network->length && ifa.ifa_prefix.address == network->address));
    });
    return static_cast<std::size_t>(found - list.begin());
}

ipv4_prefix network_of(ipv4_address address, std::uint8_t length) {
    ipv4_prefix prefix{address, length};
    prefix.address.value &= prefix.mask();
    return prefix;
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

// __inet_insert_ifa(): a primary address goes behind the last primary one of at least its scope, a secondary one last.
configuration_error ipv4_routing::address_add(net_device& dev, in_ifaddr ifa, bool replace) {
    dev.ip.cnf_all_set = true;
    auto& list = dev.ip.ifa_list;
    if (ifa.ifa_address.is_unspecified()) ifa.ifa_address = ifa.ifa_local;
    ifa.ifa_prefix = network_of(ifa.ifa_address, ifa.ifa_prefix.length);
    ifa.secondary = false;
    std::size_t place = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto& other = list[i];
        if (!other.secondary && ifa.ifa_scope <= other.ifa_scope) place = i + 1;
        if (!same_network(other, ifa)) continue;
        if (other.ifa_local == ifa.ifa_local && replace) return address_metric(dev, list[i], ifa.rt_priority);
        if (other.ifa_local == ifa.ifa_local)
            return fmt::format("{} has address {} already", dev.name, ifa.ifa_local.to_string());
        if (other.ifa_scope != ifa.ifa_scope)
            return fmt::format("{} has another scope than {} in the same network", ifa.ifa_local.to_string(),
                               other.ifa_local.to_string());
        ifa.secondary = true;
    }
    if (ifa.secondary) place = list.size();
    list.insert(at(dev, place), ifa);
    hash_insert(ifa.ifa_local);
    address_came(dev, ifa);
    return std::nullopt;
}

// fib_modify_prefix_metric()
configuration_error ipv4_routing::address_metric(net_device& dev, in_ifaddr& ifa, std::uint32_t metric) {
    if (ifa.rt_priority == metric) return std::nullopt;
    const auto before = std::exchange(ifa.rt_priority, metric);
    fib_move_prefix_route(dev, ifa, before);
    return std::nullopt;
}

void ipv4_routing::address_came(net_device& dev, const in_ifaddr& ifa) {
    fib_add_ifaddr(dev, ifa);
    sync_up(dev);
    rt_cache_flush();
}

void ipv4_routing::address_went(net_device& dev, const in_ifaddr& gone) {
    fib_del_ifaddr(dev, gone, nullptr);
    if (dev.ip.ifa_list.empty()) return fib_disable_ip(dev, true);
    rt_cache_flush();
}

configuration_error ipv4_routing::address_del(net_device& dev, ipv4_address local, std::optional<ipv4_prefix> network) {
    if (network) network = network_of(network->address, network->length);
    const auto index = find_address(dev, local, network);
    if (index == dev.ip.ifa_list.size()) return fmt::format("{} has no address {}", dev.name, local.to_string());
    delete_address(dev, index);
    return std::nullopt;
}

void ipv4_routing::address_flush(net_device& dev, std::optional<route_scope> scope) {
    const auto meant = [&](const in_ifaddr& ifa) { return !scope || ifa.ifa_scope == *scope; };
    auto& list = dev.ip.ifa_list;
    for (auto found = list.begin(); (found = std::find_if(list.begin(), list.end(), meant)) != list.end();)
        delete_address(dev, static_cast<std::size_t>(found - list.begin()));
}

// __inet_del_ifa(). With a primary address go the secondary ones of its network, or the first of them takes its place
// (net.ipv4.conf.DEVICE.promote_secondaries).
void ipv4_routing::delete_address(net_device& dev, std::size_t index) {
    auto& list = dev.ip.ifa_list;
    const auto gone = list[index];
    const auto depends = [&](const in_ifaddr& ifa) { return ifa.secondary && same_network(ifa, gone); };
    auto heir = list.size();
    if (!gone.secondary)
        heir = static_cast<std::size_t>(std::find_if(at(dev, index + 1), list.end(), depends) - list.begin());
    if (heir == list.size()) return unlink_address(dev, index);
    if (devconf_all().promote_secondaries != 0 || dev.ip.cnf.promote_secondaries != 0) return promote(dev, index, heir);
    for (auto i = heir; i < list.size();) {
        if (depends(list[i]))
            unlink_address(dev, i);
        else
            ++i;
    }
    unlink_address(dev, index);
}

void ipv4_routing::unlink_address(net_device& dev, std::size_t index) {
    const auto gone = dev.ip.ifa_list[index];
    dev.ip.ifa_list.erase(at(dev, index));
    hash_remove(gone.ifa_local);
    address_went(dev, gone);
}

// The secondary addresses lose the routes that name the old primary one and get them anew from the new one, which moves
// to the primary ones.
void ipv4_routing::promote(net_device& dev, std::size_t index, std::size_t heir) {
    auto& list = dev.ip.ifa_list;
    const auto gone = list[index];
    for (auto i = heir; i < list.size(); ++i)
        if (same_network(list[i], gone)) fib_del_ifaddr(dev, list[i], &gone);
    auto place = index;
    for (auto i = index + 1; i < heir; ++i)
        if (!list[i].secondary && gone.ifa_scope <= list[i].ifa_scope) place = i;
    unlink_address(dev, index);
    --heir;
    std::rotate(at(dev, place), at(dev, heir), at(dev, heir + 1));
    auto& promoted = list[place];
    promoted.secondary = false;
    address_came(dev, promoted);
    for (auto i = heir + 1; i < list.size(); ++i)
        if (same_network(list[i], gone)) fib_add_ifaddr(dev, list[i]);
}

}  // namespace rxpath
