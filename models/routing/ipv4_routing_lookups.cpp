// Lookups for configuration and for what the host sends: what they run is nobody's packet's work.
#include <algorithm>

#include "models/routing/fib_lookup.h"
#include "models/routing/ipv4_routing.h"

namespace rxpath {

namespace {

constexpr int loopback_ifindex = 1;

// inet_select_addr(): the device's address in the network of `gateway`, or its first.
ipv4_address inet_select_addr(const net_device& dev, ipv4_address gateway) {
    const auto& addresses = dev.ip.ifa_list;
    const auto in_network = [gateway](const in_ifaddr& ifa) { return ifa.ifa_prefix.contains(gateway); };
    if (!gateway.is_unspecified())
        if (const auto found = std::find_if(addresses.begin(), addresses.end(), in_network); found != addresses.end())
            return found->ifa_local;
    return addresses.empty() ? ipv4_address{} : addresses.front().ifa_local;
}

}  // namespace

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
    m_quiet_trace.clear();
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
    const auto& nhc = *result.nhc;
    const auto preferred = result.fi->fib_prefsrc;
    const auto source = preferred.is_unspecified() ? inet_select_addr(*nhc.nhc_dev, nhc.nhc_gw) : preferred;
    return output_route{result.type, nhc.nhc_dev, source};
}

int ipv4_routing::lookup(flowi4& flow, std::uint32_t table, fib_result& result) {
    auto context = quiet({});
    const auto flags = fib_lookup_ignore_linkstate;
    const auto* own = table != rt_table_main ? find_table(table) : nullptr;
    if (own && fib_table_lookup(context, *own, flow, result, flags) == 0) return 0;
    return fib_lookup(context, *this, flow, result, flags);
}

}  // namespace rxpath
