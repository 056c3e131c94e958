// A router between 10.0.0.0/24 and 10.1.0.0/24, and a packet that IP has routed.
#pragma once

#include "models/ip/ip_rcv_core.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/rtable.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {

class routed_packet_fixture : public path_fixture {
protected:
    routed_packet_fixture() { run("sysctl net.ipv4.ip_forward=1"); }

    // The client's packet to `to`, up to dst_input(). A time to live of 64, don't fragment.
    sk_buff& route(sk_buff& skb, std::string_view to, std::uint64_t payload = 0) {
        tcp_segment segment;
        segment.from = m_client;
        segment.to = {*parse_ipv4_address(to), {80}};
        segment.payload = {payload};
        packet made;
        build_tcp(made, segment, 1);
        fill(skb, made);
        EXPECT_TRUE(ip_rcv_core(m_context, skb));
        const auto ip = skb.ip_hdr();
        EXPECT_EQ(ip_route_input_noref(m_context, m_net.routing, skb, ip.daddr(), ip.saddr(), ip.tos(), *skb.dev), 0);
        forget();
        return skb;
    }
    sk_buff& route(std::string_view to, std::uint64_t payload = 0) { return route(m_skb, to, payload); }
};

}  // namespace rxpath
