#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/routing.h"
#include "models/ip/icmp_send.h"
#include "models/ip/ip_forward.h"
#include "models/routing/rtable.h"
#include "models/socket/skb_free.h"

namespace rxpath {

namespace {

using namespace path::ip_error;

void drop(receive_context& context, sk_buff& skb, drop_reason reason) {
    sk_skb_reason_drop(context, skb, reason, fn::ip_error);
}

// When forwarding is on: the reason for the drop, the step of the error's branch, and what the sender is told.
struct verdict {
    drop_reason reason;
    step taken;
    std::uint8_t icmp_code;
};

verdict when_forwarding(int error) {
    if (error == EHOSTUNREACH) return {drop_reason::NOT_SPECIFIED, host_unreachable, icmp_host_unreach};
    if (error == ENETUNREACH) return {drop_reason::IP_INNOROUTES, net_unreachable, icmp_net_unreach};
    return {drop_reason::NOT_SPECIFIED, prohibited, icmp_pkt_filtered};
}

drop_reason when_not_forwarding(int error) {
    if (error == EHOSTUNREACH) return drop_reason::IP_INADDRERRORS;
    if (error == ENETUNREACH) return drop_reason::IP_INNOROUTES;
    return drop_reason::NOT_SPECIFIED;
}

// The token bucket of the sender: true when it may be told.
bool spend_tokens(inet_peer& peer, std::int64_t now, const sysctl_ipv4& sysctl) {
    peer.rate_tokens = std::min<std::int64_t>(peer.rate_tokens + now - peer.rate_last, sysctl.ip_rt_error_burst);
    peer.rate_last = now;
    if (peer.rate_tokens < sysctl.ip_rt_error_cost) return false;
    peer.rate_tokens -= sysctl.ip_rt_error_cost;
    return true;
}

}  // namespace

void ip_error(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_error};
    const int error = std::abs(skb_dst(skb)->error);
    context.trace.reason([&] {
        return fmt::format("dropped: there is no way to {} (errno {})", skb.ip_hdr().daddr().to_string(), error);
    });
    if (skb.dev->ip.cnf.forwarding == 0) {
        if (error == EHOSTUNREACH || error == ENETUNREACH) here.took(in_addr_errors);
        return drop(context, skb, when_not_forwarding(error));
    }
    if (error == EINVAL) return drop(context, skb, drop_reason::NOT_SPECIFIED);
    const auto [reason, taken, icmp_code] = when_forwarding(error);
    here.took(taken);
    context.trace.leaf(fn::__rcu_read_lock);
    context.trace.leaf(fn::l3mdev_master_ifindex_rcu);
    const auto now = static_cast<std::int64_t>(jiffies(context.now));
    const bool tell = spend_tokens(net.peers.get(skb.ip_hdr().saddr(), now), now, net.sysctls);
    context.trace.leaf(fn::__rcu_read_unlock);
    if (tell) {
        here.took(sender_told);
        icmp_send(context, net, skb, {icmp_dest_unreach, icmp_code, 0});
    }
    drop(context, skb, reason);
}

}  // namespace rxpath
