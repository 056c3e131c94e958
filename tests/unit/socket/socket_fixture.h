// The sockets of one namespace, packets for them, and routes that can be declared obsolete.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <vector>

#include "models/routing/rtable.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/udp.h"

namespace rxpath {

struct segment {
    std::uint8_t flags = tcphdr_ack;
    std::uint32_t seq = 0, ack = 0;
    std::uint32_t payload = 0;  // bytes
    std::uint16_t window = 65535;
    std::vector<std::uint8_t> options{};  // a multiple of 4 bytes
    std::uint16_t urgent_pointer = 0;
};

class socket_fixture : public testing::Test {
protected:
    static constexpr int nic0 = 2, nic1 = 3;
    static constexpr std::uint32_t client_isn = 1000, server_isn = 5000;
    const endpoint m_server{*parse_ipv4_address("10.0.0.1"), {80}};
    const endpoint m_client{*parse_ipv4_address("10.0.0.2"), {40000}};

    // A namespace is only an identity to its sockets.
    static network_namespace* namespace_at(char& identity) { return reinterpret_cast<network_namespace*>(&identity); }

    socket_fixture() {
        m_ops.check = [](receive_context&, dst_entry& dst, std::uint32_t) { return dst.error == 0 ? &dst : nullptr; };
    }

    // A route that asks for a check at each use; obsolete() makes the check fail.
    dst_entry& make_route() {
        m_routes.push_back(std::make_unique<rtable>());
        auto& route = *m_routes.back();
        dst_init(route.dst, m_ops, nullptr, dst_obsolete::force_chk, 0, 0);
        route.rt_type = static_cast<std::uint16_t>(route_type::local);
        return route.dst;
    }
    static void obsolete(dst_entry& dst) { dst.error = 1; }

    sk_buff make_skb(std::uint8_t protocol, std::vector<std::uint8_t> transport, endpoint from, endpoint to) {
        packet made;
        made.bytes.assign(20, 0);
        made.bytes[0] = 0x45;
        made.bytes[9] = protocol;
        put32(made.bytes, 12, from.address.value);
        put32(made.bytes, 16, to.address.value);
        made.bytes.insert(made.bytes.end(), transport.begin(), transport.end());
        made.length = {made.bytes.size()};
        sk_buff skb;
        skb.fill(made, made.length);
        skb.number = ++m_number;
        skb.skb_iif = m_interface;
        skb.truesize = 832;
        skb.pull(20);
        skb.transport_header = 20;
        skb_dst_set_noref(skb, m_route);
        return skb;
    }

    sk_buff tcp_skb(const segment& s, endpoint from, endpoint to) {
        std::vector<std::uint8_t> bytes(20, 0);
        put16(bytes, 0, from.port.value);
        put16(bytes, 2, to.port.value);
        put32(bytes, 4, s.seq);
        put32(bytes, 8, s.ack);
        bytes[12] = static_cast<std::uint8_t>((5 + s.options.size() / 4) << 4);
        bytes[13] = s.flags;
        put16(bytes, 14, s.window);
        put16(bytes, 18, s.urgent_pointer);
        bytes.insert(bytes.end(), s.options.begin(), s.options.end());
        bytes.resize(bytes.size() + s.payload, 'x');
        return make_skb(ipproto_tcp, bytes, from, to);
    }

    // The client's segment through tcp_v4_rcv(). What it did is in m_context and m_trace.
    void receive(const segment& s) { receive(tcp_skb(s, m_client, m_server)); }
    void receive(sk_buff skb) {
        m_trace.clear();
        m_context.dropped.clear();
        m_context.sent.clear();
        m_context.woken.clear();
        if (skb.ip_hdr().protocol() == ipproto_udp)
            udp_rcv(m_context, m_sockets, skb);
        else
            tcp_v4_rcv(m_context, m_sockets, skb);
    }

    // SYN, SYN-ACK, ACK; answers the accepted connection.
    tcp_sock& connect(const segment& syn = {tcphdr_syn, client_isn}) {
        m_sockets.set_next_isn({server_isn});
        receive(syn);
        receive({tcphdr_ack, client_isn + 1, server_isn + 1});
        return *m_sockets.accept(*m_listener);
    }
    // `bytes` of the client's data, in order.
    void receive_data(tcp_sock& sk, std::uint32_t bytes = 100) {
        receive({tcphdr_ack | tcphdr_psh, sk.rcv_nxt.value, sk.snd_nxt.value, bytes});
    }

    std::size_t calls_of(function_number function) const {
        std::size_t n = 0;
        for (const auto& call : m_trace.calls()) n += call.function == function;
        return n;
    }
    std::vector<drop_reason> drops() const {
        std::vector<drop_reason> reasons;
        for (const auto& drop : m_context.dropped) reasons.push_back(drop.reason);
        return reasons;
    }
    std::vector<sent_kind> sends() const {
        std::vector<sent_kind> kinds;
        for (const auto& sent : m_context.sent) kinds.push_back(sent.kind);
        return kinds;
    }
    void wait(picoseconds time) { m_context.now += time; }

    static void put16(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint16_t value) {
        bytes[at] = static_cast<std::uint8_t>(value >> 8);
        bytes[at + 1] = static_cast<std::uint8_t>(value);
    }
    static void put32(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
        put16(bytes, at, static_cast<std::uint16_t>(value >> 16));
        put16(bytes, at + 2, static_cast<std::uint16_t>(value));
    }

    char m_identity = 0;
    sysctl_ipv4 m_sysctls;
    dst_ops m_ops{};
    std::vector<std::unique_ptr<rtable>> m_routes;
    dst_entry* m_route = &make_route();
    int m_interface = nic0;
    std::uint64_t m_number = 0;
    inet_sockets m_sockets{namespace_at(m_identity), m_sysctls};
    tcp_sock* m_listener = &m_sockets.listen(m_server);
    call_trace m_trace;
    random_source m_random{1};
    receive_context m_context{m_trace, m_random, milliseconds(1000)};
};

}  // namespace rxpath
