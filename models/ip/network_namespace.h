// struct net (include/net/net_namespace.h): what all CPUs and stages of one host share.
#pragma once

#include "models/base/net_device.h"
#include "models/base/sysctl_ipv4.h"
#include "models/ip/icmp_limit.h"
#include "models/ip/inet_peer.h"
#include "models/ip/ip_fragment.h"
#include "models/routing/ipv4_routing.h"
#include "models/socket/inet_sockets.h"

namespace rxpath {

class network_namespace;

// models/ip/icmp_send.h
void icmp_send(receive_context& context, network_namespace& net, sk_buff& skb, const icmp_error& error);

class network_namespace {
public:
    // `ehash_entries`: buckets of the established table. `seed`: of the hashes' secrets.
    explicit network_namespace(std::size_t ehash_entries = default_ehash_entries, std::uint64_t seed = 1)
        : sockets(this, sysctls, ehash_entries, seed) {
        sockets.route_by(routing);
        sockets.set_icmp_sender(&icmp_send);
    }
    network_namespace(const network_namespace&) = delete;
    network_namespace& operator=(const network_namespace&) = delete;

    sysctl_ipv4 sysctls;
    device_list devices{this};
    ipv4_routing routing{devices, sysctls};
    inet_sockets sockets;
    inet_peers peers;
    icmp_limit icmp;
    ip_fragments fragments{sysctls, peers};
};

}  // namespace rxpath
