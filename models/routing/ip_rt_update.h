// What ICMP errors teach about routes (net/ipv4/route.c): a path takes only packets of some size; another gateway is
// better. It is kept in next hop exceptions. Left out: XFRM, bridges, VRF.
#pragma once

#include "models/base/receive_context.h"
#include "models/routing/flow.h"
#include "models/routing/rtable.h"

namespace rxpath {

class ipv4_routing;

// Packets along `flow`, whose route is `route`, may have at most `mtu` bytes (__ip_rt_update_pmtu()). A size below
// net.ipv4.route.min_pmtu is raised to it and locked; after net.ipv4.route.mtu_expires seconds it is forgotten.
void __ip_rt_update_pmtu(receive_context& context, ipv4_routing& routing, const rtable& route, flowi4 flow,
                         std::uint32_t mtu);
// The same for a flow whose route must be looked up first (ipv4_update_pmtu(), __ipv4_sk_update_pmtu()).
void ipv4_update_pmtu(receive_context& context, ipv4_routing& routing, const flowi4& flow, std::uint32_t mtu);

// An ICMP redirect as received.
struct icmp_redirect {
    std::uint8_t code = 0;     // ICMP_REDIR_*
    ipv4_address new_gateway;  // what it advises
    ipv4_address old_gateway;  // who sent it
    net_device* dev = nullptr;
};

// Packets along `flow` should go to another gateway. Believed when it comes from the route's gateway and
// net.ipv4.conf.DEVICE.accept_redirects, secure_redirects and shared_media allow it, and the new one is a valid
// neighbour (__ip_do_redirect()). With kill_route the route is obsolete then.
void __ip_do_redirect(receive_context& context, ipv4_routing& routing, rtable& route, flowi4 flow,
                      const icmp_redirect& redirect, bool kill_route);
// The same for a flow whose route must be looked up first (ipv4_redirect(), ipv4_sk_redirect()).
void ipv4_redirect(receive_context& context, ipv4_routing& routing, const flowi4& flow, const icmp_redirect& redirect);

}  // namespace rxpath
