// Lookups for configuration and for what the host sends: what they run is nobody's packet's work.
#include <algorithm>

#include "models/routing/fib_lookup.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

// May `ifa` be the source of what goes as far as `scope`?
bool reaches(const in_ifaddr& ifa, route_scope scope, route_scope narrowest) {
    return !ifa.secondary && std::min(ifa.ifa_scope, narrowest) <= scope;
}

}  // namespace

ipv4_address ipv4_routing::inet_select_addr(const net_device& dev, ipv4_address destination, route_scope scope) const {
    const bool localnet = m_sysctls.devconf_all.route_localnet != 0 || dev.ip.cnf.route_localnet != 0;
    const auto narrowest = localnet ? route_scope::link : route_scope::host;
    ipv4_address first;
    for (const auto& ifa : dev.ip.ifa_list) {
        if (!reaches(ifa, scope, narrowest)) continue;
        if (destination.is_unspecified() || ifa.ifa_prefix.contains(destination)) return ifa.ifa_local;
        if (first.is_unspecified()) first = ifa.ifa_local;
    }
    if (!first.is_unspecified()) return first;
    for (const auto& other : m_devices.all())
        for (const auto& ifa : other->ip.ifa_list)
            if (ifa.ifa_scope != route_scope::link && reaches(ifa, scope, route_scope::host)) return ifa.ifa_local;
    return {};
}

ipv4_address ipv4_routing::fib_result_prefsrc(const fib_result& result) const {
    const auto& info = *result.fi;
    if (!info.fib_prefsrc.is_unspecified()) return info.fib_prefsrc;
    return inet_select_addr(*result.nhc->nhc_dev, result.nhc->nhc_gw, info.fib_scope);
}

route_type ipv4_routing::address_type(receive_context& context, ipv4_address address, std::uint32_t table) {
    if (address.is_unspecified() || address.is_limited_broadcast()) return route_type::broadcast;
    if (address.is_multicast()) return route_type::multicast;
    const auto* known = find_table(table);
    if (!known) return route_type::broadcast;
    flowi4 flow;
    flow.daddr = address;
    fib_result result;
    return fib_table_lookup(context, *known, flow, result, 0) == 0 ? result.type : route_type::unicast;
}

bool ipv4_routing::is_local_in(std::uint32_t table, ipv4_address address) {
    auto context = quiet({});
    return address_type(context, address, table) == route_type::local;
}

void ipv4_routing::set_neighbour(const net_device& dev, ipv4_address address, bool valid, bool permanent) {
    if (m_neighbours.lookup(dev, address) == nullptr) is_local_in(rt_table_local, address);
    m_neighbours.set(dev, address, valid, permanent);
}

bool ipv4_routing::is_default_gateway(ipv4_address gateway, const net_device& dev) {
    return m_infos.is_gateway(gateway, dev);
}

std::optional<ipv4_address> ipv4_routing::default_gateway() {
    flowi4 flow;
    fib_result result;
    const bool gateway = lookup(flow, rt_table_main, result) == 0 && result.nhc->nhc_gw_family == af_inet;
    return gateway ? std::optional{result.nhc->nhc_gw} : std::nullopt;
}

receive_context ipv4_routing::quiet(picoseconds now) {
    if (m_quiet_trace.complete()) m_quiet_trace.clear();  // else a lookup that asks another
    return {m_quiet_trace, m_quiet_random, now};
}

net_device* ipv4_routing::note_output_lookup(ipv4_address daddr) {
    const auto route = route_output(daddr);
    return route ? route->dev : nullptr;
}

std::optional<output_route> ipv4_routing::route_output(ipv4_address daddr) {
    flowi4 flow;
    flow.daddr = daddr;
    flow.flowi4_iif = loopback_ifindex;
    fib_result result;
    if (lookup(flow, rt_table_main, result) != 0) return std::nullopt;
    return output_route{result.type, result.nhc->nhc_dev, fib_result_prefsrc(result)};
}

int ipv4_routing::lookup(flowi4& flow, std::uint32_t table, fib_result& result) {
    auto context = quiet({});
    const auto flags = fib_lookup_ignore_linkstate;
    const auto* own = table != rt_table_main ? find_table(table) : nullptr;
    if (own && fib_table_lookup(context, *own, flow, result, flags) == 0) return 0;
    return fib_lookup(context, *this, flow, result, flags);
}

}  // namespace rxpath
