// Packets of any protocol and with any options, for tests of what follows routing.
#pragma once

#include "models/base/checksum.h"
#include "models/base/icmp.h"
#include "models/ip/ip_rcv_core.h"
#include "models/routing/ip_route_input.h"
#include "tests/unit/path_fixture.h"

namespace rxpath {

using byte_list = std::vector<std::uint8_t>;

class transport_packet_fixture : public path_fixture {
protected:
    // A packet from the client with this payload and these options, their length a multiple of four.
    packet ip_packet(std::string_view to, std::uint8_t protocol, const byte_list& payload, const byte_list& options = {},
                     std::string_view from = "10.0.0.2") const {
        packet made;
        auto& bytes = made.bytes;
        bytes.assign(20, 0);
        bytes.insert(bytes.end(), options.begin(), options.end());
        const auto header = bytes.size();
        bytes.insert(bytes.end(), payload.begin(), payload.end());
        bytes[0] = static_cast<std::uint8_t>(0x40 | header / 4);
        put16(bytes, 2, bytes.size());
        bytes[8] = 64;
        bytes[9] = protocol;
        put32(bytes, 12, parse_ipv4_address(from)->value);
        put32(bytes, 16, parse_ipv4_address(to)->value);
        put16(bytes, 10, static_cast<std::uint16_t>(~csum_fold(internet_sum(bytes.data(), header))));
        made.length = {bytes.size()};
        return made;
    }
    byte_list icmp_message(std::uint8_t type, std::uint8_t code, std::uint32_t info, const byte_list& rest = {}) const {
        byte_list message{type, code, 0, 0, 0, 0, 0, 0};
        put32(message, 4, info);
        message.insert(message.end(), rest.begin(), rest.end());
        put16(message, 2, static_cast<std::uint16_t>(~csum_fold(internet_sum(message.data(), message.size()))));
        return message;
    }
    // The packet up to routing; data is at the IP header.
    sk_buff& route(const packet& frame) {
        fill(m_skb, frame);
        EXPECT_TRUE(ip_rcv_core(m_context, m_skb));
        const auto ip = m_skb.ip_hdr();
        EXPECT_EQ(
            ip_route_input_noref(m_context, m_net.routing, m_skb, ip.daddr(), ip.saddr(), ip.tos(), *m_skb.dev), 0);
        forget();
        m_context.looped.clear();
        return m_skb;
    }
    // And on to where the transport protocol begins.
    sk_buff& deliver(const packet& frame) {
        auto& skb = route(frame);
        skb.pull(skb.transport_header);
        return skb;
    }
    static void put16(byte_list& bytes, std::size_t at, std::size_t value) {
        bytes[at] = static_cast<std::uint8_t>(value >> 8);
        bytes[at + 1] = static_cast<std::uint8_t>(value);
    }
    static void put32(byte_list& bytes, std::size_t at, std::uint32_t value) {
        put16(bytes, at, value >> 16);
        put16(bytes, at + 2, value & 0xffff);
    }
    ~transport_packet_fixture() override {
        for (const auto& looped : m_context.looped) dst_release_immediate(looped.dst);
    }
};

}  // namespace rxpath
