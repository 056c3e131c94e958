// What a route says, shared by all prefixes that say the same (struct fib_info, net/ipv4/fib_semantics.c), with its
// next hops (struct fib_nh_common, include/net/ip_fib.h), each of which caches an input and an output route.
//
// Left out: nexthop objects, IPv6 gateways, encapsulation, realms.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "models/base/net_device.h"
#include "models/routing/fib_nh_exception.h"
#include "models/routing/flow.h"
#include "models/routing/rtable.h"

namespace rxpath {

// RTNH_F_*
constexpr std::uint8_t rtnh_f_dead = 1, rtnh_f_onlink = 4, rtnh_f_linkdown = 16;

// RTPROT_*: who made a route.
enum class route_protocol : std::uint8_t { unspec = 0, kernel = 2, boot = 3, static_ = 4 };

// RT_TABLE_*
constexpr std::uint32_t rt_table_unspec = 0, rt_table_default = 253, rt_table_main = 254, rt_table_local = 255;

// fib_props: what a lookup that ends at a route of this type answers (0 or a negative errno), and the least scope that
// such a route may have.
struct fib_prop {
    int error;
    route_scope scope;
};
const fib_prop& fib_props(route_type type);

struct fib_nh_common {
    net_device* nhc_dev = nullptr;
    route_scope nhc_scope = route_scope::universe;
    std::uint8_t nhc_gw_family = af_unspec;
    ipv4_address nhc_gw;
    std::uint8_t nhc_flags = 0;                       // rtnh_f_*
    int nhc_weight = 1;                               // 1..256
    std::int32_t fib_nh_upper_bound = 0;              // of the 31-bit flow hashes that come here; -1: none
    rtable* nhc_rth_input = nullptr;                  // the cached input route; the nexthop holds a reference
    rtable* nhc_rth_output = nullptr;                 // the cached output route; one here, one a core in the kernel
    std::unique_ptr<fnhe_hash_table> nhc_exceptions;  // null until there is one

    int nhc_oif() const { return nhc_dev ? nhc_dev->ifindex : 0; }
};

// A next hop as configured.
struct nexthop_config {
    net_device* dev = nullptr;
    std::optional<ipv4_address> gateway;
    int weight = 1;
    bool onlink = false;
};

// A metric as configured; RTAX_LOCK's value has a bit for each metric that is not to change.
struct metric_config {
    rtax metric;
    std::uint32_t value;
};

// A route as configured (struct fib_config).
struct fib_config {
    ipv4_prefix dst;
    std::uint8_t tos = 0;
    route_type type = route_type::unicast;
    std::uint32_t table = rt_table_main;
    route_protocol protocol = route_protocol::boot;
    std::optional<route_scope> scope;  // none: any, when deleting
    std::uint32_t priority = 0;        // metric
    ipv4_address prefsrc;
    std::vector<metric_config> metrics;
    std::vector<nexthop_config> nexthops;
    bool onlink = false;     // every gateway is said to be on the link
    bool multipath = false;  // the next hops were given one by one, as of several (fc_mp)
};

class fib_info_list;

struct fib_info {
    std::uint32_t fib_treeref = 0;      // routes that say this, counted by fib_info_ptr
    fib_info_list* known_to = nullptr;  // the list that shares it; null: none
    std::uint32_t place = 0;            // how many the list had known before
    route_protocol fib_protocol = route_protocol::boot;
    route_scope fib_scope = route_scope::universe;
    route_type fib_type = route_type::unicast;
    std::uint8_t fib_flags = 0;  // rtnh_f_*
    std::uint32_t fib_tb_id = 0;
    ipv4_address fib_prefsrc;
    std::uint32_t fib_priority = 0;
    dst_metrics* fib_metrics = nullptr;  // null: dst_default_metrics
    std::vector<fib_nh_common> fib_nh;   // one at least; without device for a route that answers an error

    fib_info() = default;
    fib_info(const fib_info&) = delete;
    fib_info& operator=(const fib_info&) = delete;
    // The cached routes die with their next hop (fib_nh_common_release()).
    ~fib_info();
};

// Holds a fib_info for a route. When the last one lets go, it is freed after RCU's grace period (fib_release_info()).
using fib_info_ptr = boost::intrusive_ptr<fib_info>;
void intrusive_ptr_add_ref(fib_info* info);
void intrusive_ptr_release(fib_info* info);

// Does a deletion with this configuration mean a route with these next hops, and with these metrics?
bool fib_nh_match(const fib_config& config, const fib_info& info);
bool fib_metrics_match(const fib_config& config, const fib_info& info);
// Shares the flow hashes among the next hops that live, by weight (fib_rebalance()).
void fib_rebalance(fib_info& info, const ipv4_devconf& all);

// By what a fib_info says, whether its next hops live or not (fib_info_hashfn(), fib_find_info()).
struct fib_info_hashfn {
    std::size_t operator()(const fib_info* info) const;
};
struct fib_info_says_the_same {
    bool operator()(const fib_info* a, const fib_info* b) const;
};

// Every fib_info of a namespace, so that equal ones are shared (fib_info_hash).
class fib_info_list {
public:
    // The fib_info that says the same as `made` (fib_find_info()), or `made` itself, from now on known.
    fib_info_ptr share(std::unique_ptr<fib_info> made);
    // Marks next hops through a device that went away or lost its carrier; answers how many fib_infos have none left.
    int sync_down_dev(const net_device& dev, std::uint8_t flags, bool force, const ipv4_devconf& all);
    // Revives next hops through a device (fib_sync_up()).
    void sync_up(const net_device& dev, std::uint8_t flags, const ipv4_devconf& all);
    // Marks routes whose preferred source address is gone (fib_sync_down_addr()).
    int sync_down_addr(ipv4_address local);
    // A device has another MTU: what next hops through it have learnt follows (fib_sync_mtu()).
    void sync_mtu(const net_device& dev, std::uint32_t before);
    // Has a living next hop through `dev` this gateway?
    bool is_gateway(ipv4_address gateway, const net_device& dev);
    std::size_t size() const { return m_infos.size(); }
    // Every route that a next hop or one of its exceptions has cached, once for each that holds it.
    void each_cached_route(const std::function<void(const rtable&)>& visit) const;
    // Frees what was let go of a grace period ago: only then the cached routes of its next hops are dead
    // (free_fib_info_rcu()). To be called once a jiffy or so.
    void run_rcu_callbacks(picoseconds now);
    bool rcu_callbacks_pending() const { return !m_released.empty(); }

private:
    friend void intrusive_ptr_release(fib_info* info);

    struct released_info {
        std::unique_ptr<fib_info> info;
        std::optional<picoseconds> since{};  // when the callbacks saw it first
    };

    void release(fib_info& info);

    std::unordered_set<fib_info*, fib_info_hashfn, fib_info_says_the_same> m_infos;
    std::vector<released_info> m_released;
    std::uint32_t m_next_place = 0;
};

}  // namespace rxpath
