#include "models/ip/ip_rt_send_redirect.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/routing.h"
#include "models/ip/icmp_send.h"
#include "models/routing/fib_frontend.h"

namespace rxpath {

namespace {

namespace step = path::ip_rt_send_redirect;

bool sends_redirects(kernel_call& here, const ipv4_devconf& all, const ipv4_devconf& device) {
    if (all.send_redirects != 0) return true;
    here.took(step::device_checked);
    if (device.send_redirects != 0) return true;
    here.took(step::not_allowed);
    return false;
}

// True when a redirect is due: few so far, and long enough after the last one.
bool redirect_due(kernel_call& here, inet_peer& peer, std::int64_t now, const sysctl_ipv4& sysctl) {
    const bool silence_over = now > peer.rate_last + sysctl.ip_rt_redirect_silence;
    if (silence_over) {
        here.took(step::silence_over);
        peer.rate_tokens = 0;
        peer.n_redirects = 0;
    }
    if (peer.n_redirects >= static_cast<std::uint32_t>(sysctl.ip_rt_redirect_number)) {
        here.took(step::ignored);
        peer.rate_last = now;
        return false;
    }
    if (peer.n_redirects != 0) {
        const std::int64_t load = sysctl.ip_rt_redirect_load;
        return now > peer.rate_last + (load << peer.n_redirects);
    }
    if (!silence_over) here.took(step::first);
    return true;
}

}  // namespace

void ip_rt_send_redirect(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_rt_send_redirect};
    const auto& route = *skb_rtable(skb);
    const auto now = static_cast<std::int64_t>(jiffies(context.now));
    context.trace.leaf(fn::__rcu_read_lock);
    if (sends_redirects(here, net.sysctls.devconf_all, route.dst.dev->ip.cnf)) {
        context.trace.leaf(fn::l3mdev_master_ifindex_rcu);
        auto& peer = net.peers.get(skb.ip_hdr().saddr(), now);
        if (redirect_due(here, peer, now, net.sysctls)) {
            here.took(step::sent);
            if (route.rt_gw_family == af_inet) here.took(step::sent_of_gateway);
            const auto nexthop = route.rt_gw_family == af_inet ? route.rt_gw4 : skb.ip_hdr().daddr();
            icmp_send(context, net, skb, {icmp_redirect_type, icmp_redir_host, nexthop.value});
            peer.rate_last = now;
            ++peer.n_redirects;
        }
    }
    context.trace.leaf(fn::__rcu_read_unlock);
}

}  // namespace rxpath
