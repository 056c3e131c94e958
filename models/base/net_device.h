// Network devices and their IPv4 configuration: the parts of struct net_device (include/linux/netdevice.h) and
// struct in_device (include/linux/inetdevice.h) that the receive path reads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/address.h"

namespace rxpath {

class network_namespace;

// rtm_scope, include/uapi/linux/rtnetlink.h
enum class route_scope : std::uint8_t { universe = 0, site = 200, link = 253, host = 254, nowhere = 255 };

// The scope's name; empty for a number without one.
constexpr std::string_view to_string(route_scope scope) {
    switch (scope) {
        case route_scope::universe:
            return "universe";
        case route_scope::site:
            return "site";
        case route_scope::link:
            return "link";
        case route_scope::host:
            return "host";
        case route_scope::nowhere:
            return "nowhere";
    }
    return {};
}

// struct in_ifaddr: one address of a device.
struct in_ifaddr {
    ipv4_address ifa_local;         // the address as given
    ipv4_address ifa_address;       // its peer's on a point-to-point link, else the same
    ipv4_prefix ifa_prefix;         // the network of ifa_address
    ipv4_address ifa_broadcast;     // 0 when there is none
    std::uint32_t rt_priority = 0;  // metric of the network's route
    route_scope ifa_scope = route_scope::universe;
    bool secondary = false;      // IFA_F_SECONDARY: another address of the device is in the same network
    bool noprefixroute = false;  // IFA_F_NOPREFIXROUTE: the network gets no route
};

// net.ipv4.conf.<device>.*, by the kernel's names and defaults.
struct ipv4_devconf {
    int forwarding = 0;
    int rp_filter = 0;
    int accept_local = 0;
    int route_localnet = 0;
    int src_valid_mark = 0;
    int log_martians = 0;
    int send_redirects = 1;
    int accept_redirects = 1;
    int secure_redirects = 1;
    int shared_media = 1;
    int accept_source_route = 0;
    int bc_forwarding = 0;
    int drop_unicast_in_l2_multicast = 0;
    int ignore_routes_with_linkdown = 0;
    int promote_secondaries = 0;
};

constexpr ipv4_address all_hosts_group{0xe0000001};  // 224.0.0.1: every host is in it

struct in_device {
    ipv4_devconf cnf;
    std::vector<const int*> cnf_state;  // settings of cnf that no longer follow net.ipv4.conf.default
    bool cnf_all_set = false;           // none follows: the device has had an address
    std::vector<ipv4_address> mc_list;  // the groups it is in, the last joined first; all_hosts_group while it is up
    std::vector<in_ifaddr> ifa_list;    // primary addresses first, as in the kernel
};

// Whether Linux registers a NIC under this name: dev_valid_name() (net/core/dev.c), sysctl_dev_name_is_allowed()
// (net/ipv4/devinet.c), and none of the loopback device's.
bool dev_valid_name(std::string_view name);
constexpr std::string_view valid_device_names =
    "a device's name: 1 to 15 bytes without space, '/' and ':', and none of ., .., all, default, lo";

struct net_device {
    int ifindex = 0;
    std::string name;
    bool up = false;           // IFF_UP
    bool carrier = true;       // no IFF_LOWER_UP: routes through it are RTNH_F_LINKDOWN
    bool qdisc_active = true;  // dev_activate(); without, what is sent is dropped (noop_qdisc)
    bool loopback = false;     // IFF_LOOPBACK
    std::uint32_t mtu = 1500;
    int group = 0;     // `ip link set DEV group N`
    bool napi = true;  // frames enter through NAPI and GRO; otherwise straight through netif_receive_skb()
    in_device ip;
    network_namespace* nd_net = nullptr;
};

// The devices of one namespace. Addresses of devices are stable.
class device_list {
public:
    explicit device_list(network_namespace* net) : m_net(net) {}
    // Appends a device with the next ifindex, from 1 on.
    net_device& add(std::string name);
    net_device* by_name(std::string_view name) const;
    net_device* by_index(int ifindex) const;
    const std::vector<std::unique_ptr<net_device>>& all() const { return m_devices; }

private:
    network_namespace* m_net;
    std::vector<std::unique_ptr<net_device>> m_devices;
};

inline network_namespace& dev_net(const net_device& dev) { return *dev.nd_net; }

}  // namespace rxpath
