// ip_rt_send_redirect() (net/ipv4/route.c): telling a neighbour that there is a better gateway.
#pragma once

#include "models/ip/network_namespace.h"

namespace rxpath {

// The first few redirects to a sender go out, each after twice the time of the one before; then none until it has been
// quiet for long (net.ipv4.route.redirect_*). Not at all where net.ipv4.conf.DEVICE.send_redirects is off.
void ip_rt_send_redirect(receive_context& context, network_namespace& net, sk_buff& skb);

}  // namespace rxpath
