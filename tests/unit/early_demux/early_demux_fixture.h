// A connection with a cached dst, and a packet of it on its way into early demux.
#pragma once

#include "models/base/kernel_functions/early_demux.h"
#include "models/early_demux/tcp_v4_early_demux.h"
#include "models/early_demux/udp_v4_early_demux.h"
#include "models/routing/rt_cache.h"
#include "models/routing/rtable.h"
#include "models/socket/tcp_ipv4.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {

class early_demux_fixture : public path_fixture {
protected:
    tcp_sock& establish(int bound_dev_if = 0) {
        auto& sk = m_net.sockets.establish(m_server, m_client, {1}, {1}, 65535);
        sk.skc_bound_dev_if = bound_dev_if;
        return sk;
    }
    // A route to this host as routing makes it, of today's generation. Its one reference is the socket's.
    dst_entry& cache_dst(sock& sk) {
        auto& dst = rt_dst_alloc(m_context, m_net.routing, nic0(), rtcf_local, route_type::local).dst;
        sk.sk_rx_dst = &dst;
        sk.sk_rx_dst_ifindex = nic0().ifindex;
        m_trace.clear();
        return dst;
    }
    // The packet up to early demux: ip_rcv_core() has found the transport header.
    void take(const packet& from, std::uint64_t linear, net_device& dev) {
        fill(m_skb, from, linear, dev);
        m_skb.transport_header = ipv4_header_view::size;
        m_trace.clear();
    }
    early_demux_outcome demux_tcp(const packet& from, std::uint64_t linear, net_device& dev) {
        take(from, linear, dev);
        return tcp_v4_early_demux(m_context, m_skb);
    }
    early_demux_outcome demux_tcp(const packet& from, net_device& dev) {
        return demux_tcp(from, from.length.value, dev);
    }
    early_demux_outcome demux_tcp(const packet& from) { return demux_tcp(from, nic0()); }
    early_demux_outcome demux_tcp() { return demux_tcp(tcp_packet()); }

    early_demux_outcome demux_udp(const packet& from, std::uint64_t linear, net_device& dev) {
        take(from, linear, dev);
        return udp_v4_early_demux(m_context, m_skb, m_error);
    }
    early_demux_outcome demux_udp(const packet& from) { return demux_udp(from, from.length.value, nic0()); }
    early_demux_outcome demux_udp() { return demux_udp(udp_packet()); }

    int m_error = 0;  // what udp_v4_early_demux() returned

    std::vector<int> tcp_steps() const { return steps_of(fn::tcp_v4_early_demux); }
    std::vector<int> udp_steps() const { return steps_of(fn::udp_v4_early_demux); }
};

}  // namespace rxpath
