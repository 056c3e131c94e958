// The routing state of one namespace (struct netns_ipv4) and how it is configured: tables, rules, addresses,
// generation.
//
// Configuration follows what `ip` asks the kernel to do, and the kernel's choice of which change makes cached routes
// invalid (rt_cache_flush() raises rt_genid). Functions that can fail answer the reason as text for people, or nothing.
// Left out: nexthop objects, VRFs, address lifetimes.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/net_device.h"
#include "models/base/routing_features.h"
#include "models/base/sysctl_ipv4.h"
#include "models/routing/dst_slab.h"
#include "models/routing/fib_rule.h"
#include "models/routing/fib_table.h"
#include "models/routing/linkwatch.h"
#include "models/routing/neighbour.h"
#include "models/routing/net_ratelimit.h"
#include "models/routing/rtable.h"
#include "models/routing/uncached_list.h"

namespace rxpath {

using configuration_error = std::optional<std::string>;
using route_test = std::function<bool(const ipv4_prefix&, const fib_alias&)>;

struct output_route {
    route_type type = route_type::unspec;
    net_device* dev = nullptr;
    ipv4_address source;
};

class ipv4_routing {
public:
    // Makes the loopback device `lo` when the list has none. Devices and sysctls must outlive this object.
    ipv4_routing(device_list& devices, sysctl_ipv4& sysctls);
    ipv4_routing(const ipv4_routing&) = delete;
    ipv4_routing& operator=(const ipv4_routing&) = delete;

    // What the receive path reads.
    const sysctl_ipv4& sysctl() const { return m_sysctls; }
    const ipv4_devconf& devconf_all() const { return m_sysctls.devconf_all; }
    std::int32_t rt_genid() const { return m_rt_genid; }
    std::int32_t fnhe_genid() const { return m_fnhe_genid; }
    const fib_table* fib_main() const { return m_fib_main; }        // null until it has had a route
    const fib_table* fib_default() const { return m_fib_default; }  // the same
    // LOCAL when it has a trie of its own though there are no rules, as in earlier kernels.
    const fib_table* fib_local_apart() const {
        return m_features.local_and_main_merged ? nullptr : find_table(rt_table_local);
    }
    const routing_features& features() const { return m_features; }
    bool has_custom_rules() const { return m_has_custom_rules; }
    bool has_custom_local_routes() const { return m_has_custom_local_routes; }
    const fib_rule_list& rules() const { return m_rules; }
    using table_chain = std::vector<std::unique_ptr<fib_table>>;
    const table_chain& table_bucket(std::uint32_t id) const { return m_tables[id & 255]; }
    // The host's addresses in the same hash bucket as `address`, newest first.
    const std::vector<ipv4_address>& address_bucket(ipv4_address address) const;
    net_device& loopback_dev() const { return *m_loopback; }
    dst_slab& slab() { return m_slab; }
    uncached_list& uncached() { return m_uncached; }
    // fib_info_list's: the routes that next hops and their exceptions hold.
    void each_cached_route(const std::function<void(const rtable&)>& visit) const { m_infos.each_cached_route(visit); }
    const neighbour_table& neighbours() const { return m_neighbours; }
    neighbour_table& neighbours() { return m_neighbours; }

    net_ratelimit_state& net_ratelimit() { return m_net_ratelimit; }

    // To be set before the first address or route.
    void set_features(const routing_features& features) { m_features = features; }

    // No softirq runs: routes given up meanwhile are freed.
    void rcu_quiescent_state() { m_slab.rcu_quiescent_state(); }
    // Every cached route is looked up anew: a new generation (rt_cache_flush()).
    void rt_cache_flush() { ++m_rt_genid; }
    // `ip route flush cache`: that, and what next hops have learnt is forgotten too (ipv4_sysctl_rtcache_flush()).
    void flush_cache_and_exceptions() {
        rt_cache_flush();
        ++m_fnhe_genid;
    }

    // A device came: it takes net.ipv4.conf.default.* over (inetdev_init()).
    void device_registered(net_device& dev);
    void link_up(net_device& dev);
    void link_down(net_device& dev);
    // At the time `now`; routes hear of it then or a little later.
    void set_carrier(net_device& dev, bool carrier, picoseconds now);
    void set_group(net_device& dev, int group);
    void set_mtu(net_device& dev, std::uint32_t mtu);  // below 68 bytes the device loses its addresses

    // An application of this host wants the group's packets there (ip_mc_inc_group()), or none does any more
    // (__ip_mc_dec_group()). Being in it already, or not at all, changes nothing.
    void join_group(net_device& dev, ipv4_address group);
    void leave_group(net_device& dev, ipv4_address group);

    // Of `address`, ifa_local and the prefix's length must be given; ifa_address, if it has a peer. With `replace` an
    // address that is there already gets the new metric.
    configuration_error address_add(net_device& dev, in_ifaddr address, bool replace = false);
    // `network` is compared too, when it is given.
    configuration_error address_del(net_device& dev, ipv4_address local, std::optional<ipv4_prefix> network);
    void address_flush(net_device& dev, std::optional<route_scope> scope);

    configuration_error route_add(const fib_config& config, fib_insert_mode mode);
    configuration_error route_del(const fib_config& config);
    // Deletes the routes of a table that `meant` says, one after the other.
    void route_flush(std::uint32_t table, const route_test& meant);

    // Without pref, the rule goes before all that have one.
    configuration_error rule_add(fib_rule rule, std::optional<std::uint32_t> pref);
    // Removes the first rule that has what `wanted` gives.
    configuration_error rule_del(const fib_rule& wanted, std::optional<std::uint32_t> pref);
    // Removes all rules but those with pref 0.
    void rule_flush();

    // The host looked for the way to `daddr`, to send there; answers the device, if there is a way. All that matters to
    // received packets is that the route counts as used from now on: deleting a used route makes cached ones invalid.
    net_device* note_output_lookup(ipv4_address daddr);
    // The way of what the host sends to `daddr`: what kind of destination it is, the device, and the source address
    // that the kernel would choose; nothing when there is no way.
    std::optional<output_route> route_output(ipv4_address daddr);
    // The source address for what goes to `destination` through the device, as far as `scope`; 0 when there is none.
    ipv4_address inet_select_addr(const net_device& dev, ipv4_address destination, route_scope scope) const;
    // The same for a route that was found, which may name it.
    ipv4_address fib_result_prefsrc(const fib_result& result) const;
    // What a table says of an address (inet_addr_type_table()); unicast when it says nothing. The route found counts as
    // used.
    route_type address_type(receive_context& context, ipv4_address address, std::uint32_t table = rt_table_local);
    bool is_local_in(std::uint32_t table, ipv4_address address);
    // What is due: routes that were deleted die, carriers changed, neighbours were asked in vain.
    void run_timers(picoseconds now);
    // Something will be due without anything else happening.
    bool timers_pending() const;
    // A packet goes to its next hop (ip_finish_output2()). False: it waits there for the neighbour to answer.
    bool neigh_output(receive_context& context, sk_buff& skb, ipv4_address nexthop);
    // `ip neigh`: a new one is asked what kind of address it has, so that the route to it counts as used
    // (arp_constructor()).
    void set_neighbour(const net_device& dev, ipv4_address address, bool valid, bool permanent);
    // The gateway of the default route; nothing when there is none.
    std::optional<ipv4_address> default_gateway();
    // Has a route through `dev` this gateway? (ip_fib_check_default())
    bool is_default_gateway(ipv4_address gateway, const net_device& dev);
    // For lookups that are no received packet's own work: what they trace, nobody reads.
    receive_context quiet(picoseconds now);

    device_list& devices() { return m_devices; }
    sysctl_ipv4& sysctl() { return m_sysctls; }
    fib_table* find_table(std::uint32_t id) const;
    std::vector<std::uint32_t> table_ids() const;

private:
    fib_table& new_table(std::uint32_t id);
    void unmerge();
    void rules_changed();
    void flush();
    configuration_error insert(const fib_config& config, fib_insert_mode mode);
    configuration_error remove(const fib_config& config);
    configuration_error create_info(const fib_config& config, fib_info_ptr& info);
    configuration_error check_nexthops(const fib_config& config, fib_info& made);
    configuration_error check_nexthop(const fib_config& config, const nexthop_config& wanted, fib_nh_common& nexthop);
    configuration_error check_gateway(const fib_config& config, const nexthop_config& wanted, fib_nh_common& nexthop);
    configuration_error check_onlink(const nexthop_config& wanted, route_scope scope, fib_nh_common& nexthop);
    int lookup(flowi4& flow, std::uint32_t table, fib_result& result);
    bool valid_prefsrc(const fib_config& config);

    void hash_insert(ipv4_address address);
    void hash_remove(ipv4_address address);
    configuration_error address_metric(net_device& dev, in_ifaddr& ifa, std::uint32_t metric);
    void address_came(net_device& dev, const in_ifaddr& ifa);
    void address_went(net_device& dev, const in_ifaddr& gone);
    void delete_address(net_device& dev, std::size_t index);
    void unlink_address(net_device& dev, std::size_t index);
    void promote(net_device& dev, std::size_t index, std::size_t heir);
    void fib_add_ifaddr(net_device& dev, const in_ifaddr& ifa);
    void fib_del_ifaddr(net_device& dev, const in_ifaddr& ifa, const in_ifaddr* leaving);
    void fib_move_prefix_route(net_device& dev, const in_ifaddr& ifa, std::uint32_t before);
    void fib_disable_ip(const net_device& dev, bool force);
    void sync_up(const net_device& dev);
    void link_changed(const net_device& dev);

    device_list& m_devices;
    sysctl_ipv4& m_sysctls;
    dst_slab m_slab{*this};
    uncached_list m_uncached;
    neighbour_table m_neighbours;
    linkwatch m_linkwatch;
    net_ratelimit_state m_net_ratelimit;
    fib_info_list m_infos;
    std::array<table_chain, 256> m_tables;
    fib_table* m_fib_main = nullptr;
    fib_table* m_fib_default = nullptr;
    fib_rule_list m_rules;
    std::array<std::vector<ipv4_address>, 256> m_addresses;
    net_device* m_loopback = nullptr;
    call_trace m_quiet_trace;
    random_source m_quiet_random;
    std::int32_t m_rt_genid = 0;
    std::int32_t m_fnhe_genid = 0;
    routing_features m_features;
    bool m_has_custom_rules = false;
    bool m_has_custom_local_routes = false;
};

}  // namespace rxpath
