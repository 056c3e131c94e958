// The routing stage: nothing to do for a packet with a dst; a lookup, or the nexthop's cached dst, for the others.
// Semantics: ip_route_input().
#pragma once

#include "models/base/kernel_functions/ip.h"
#include "models/ip/network_namespace.h"
#include "models/routing/ip_route_input.h"
#include "models/softirq/stage_module.h"

namespace rxpath {

class routing_cache_module : public stage_module {
public:
    out_port to_ip_receive{"to_ip_receive"};

    routing_cache_module(const sc_core::sc_module_name& name, softirq_run& run, network_namespace& net)
        : stage_module(name, stage::routing, run), m_net(net) {}

private:
    void process(receive_token& token) override {
        m_run.count_packets(m_stage, 1);
        if (token.route_error == 0) token.route_error = route(*token.packet);
        forward(token, to_ip_receive, token.packet);
    }

    // The part of ip_rcv_finish_core() that routes: 0, or a negative errno.
    int route(sk_buff& skb) {
        if (skb_valid_dst(skb)) {
            const auto here = context().trace.open_call();
            context().trace.took(here, path::ip_rcv_finish_core::dst_attached);
            if (skb.dev->loopback) context().trace.took(here, path::ip_rcv_finish_core::loopback_policy);
            return 0;
        }
        const auto header = skb.ip_hdr();
        return ip_route_input_noref(context(), m_net.routing, skb, header.daddr(), header.saddr(), header.tos(),
                                    *skb.dev);
    }

    network_namespace& m_net;
};

}  // namespace rxpath
