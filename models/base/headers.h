// Read-only views of IPv4, TCP and UDP headers in a packet's bytes, under the kernel's field names
// (include/uapi/linux/{ip,tcp,udp}.h). A view is made only over bytes that are there: at() answers
// nothing when the fixed part of the header does not fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "models/base/address.h"
#include "models/base/tcp_sequence.h"

namespace rxpath {

// Bytes owned by somebody else.
struct byte_view {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;

    bool holds(std::size_t offset, std::size_t bytes) const { return offset <= size && size - offset >= bytes; }
};

constexpr std::uint16_t load_be16(const std::uint8_t* p) { return static_cast<std::uint16_t>(p[0] << 8 | p[1]); }
constexpr std::uint32_t load_be32(const std::uint8_t* p) {
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

// struct iphdr (RFC 791)
class ipv4_header_view {
public:
    static constexpr std::size_t size = 20;  // sizeof(struct iphdr), options not included
    static constexpr std::uint16_t ip_df = 0x4000, ip_mf = 0x2000, ip_offset = 0x1fff;

    static std::optional<ipv4_header_view> at(byte_view bytes, std::size_t offset) {
        return bytes.holds(offset, size) ? std::optional{ipv4_header_view{bytes.data + offset}} : std::nullopt;
    }

    std::uint8_t version() const { return m_bytes[0] >> 4; }
    std::uint8_t ihl() const { return m_bytes[0] & 15; }  // in 32-bit words
    std::uint8_t tos() const { return m_bytes[1]; }
    std::uint16_t tot_len() const { return load_be16(m_bytes + 2); }
    std::uint16_t id() const { return load_be16(m_bytes + 4); }
    std::uint16_t frag_off() const { return load_be16(m_bytes + 6); }
    std::uint8_t ttl() const { return m_bytes[8]; }
    std::uint8_t protocol() const { return m_bytes[9]; }
    std::uint16_t check() const { return load_be16(m_bytes + 10); }
    ipv4_address saddr() const { return {load_be32(m_bytes + 12)}; }
    ipv4_address daddr() const { return {load_be32(m_bytes + 16)}; }
    // ip_is_fragment(), include/net/ip.h
    bool is_fragment() const { return (frag_off() & (ip_mf | ip_offset)) != 0; }
    const std::uint8_t* bytes() const { return m_bytes; }

private:
    explicit ipv4_header_view(const std::uint8_t* bytes) : m_bytes(bytes) {}
    const std::uint8_t* m_bytes;
};

// tcp_header_view::flags(): TCPHDR_*, include/net/tcp.h
constexpr std::uint8_t tcphdr_fin = 0x01, tcphdr_syn = 0x02, tcphdr_rst = 0x04, tcphdr_psh = 0x08, tcphdr_ack = 0x10,
                       tcphdr_urg = 0x20, tcphdr_ece = 0x40, tcphdr_cwr = 0x80;

// struct tcphdr (RFC 9293 §3.1)
class tcp_header_view {
public:
    static constexpr std::size_t size = 20;  // sizeof(struct tcphdr), options not included

    static std::optional<tcp_header_view> at(byte_view bytes, std::size_t offset) {
        return bytes.holds(offset, size) ? std::optional{tcp_header_view{bytes.data + offset}} : std::nullopt;
    }

    port_number source() const { return {load_be16(m_bytes)}; }
    port_number dest() const { return {load_be16(m_bytes + 2)}; }
    tcp_sequence seq() const { return {load_be32(m_bytes + 4)}; }
    tcp_sequence ack_seq() const { return {load_be32(m_bytes + 8)}; }
    std::uint8_t doff() const { return m_bytes[12] >> 4; }  // in 32-bit words
    std::uint8_t res1() const { return m_bytes[12] & 0x0f; }
    bool fin() const { return (m_bytes[13] & 0x01) != 0; }
    bool syn() const { return (m_bytes[13] & 0x02) != 0; }
    bool rst() const { return (m_bytes[13] & 0x04) != 0; }
    bool psh() const { return (m_bytes[13] & 0x08) != 0; }
    bool ack() const { return (m_bytes[13] & 0x10) != 0; }
    bool urg() const { return (m_bytes[13] & 0x20) != 0; }
    std::uint8_t flags() const { return m_bytes[13]; }
    std::uint16_t window() const { return load_be16(m_bytes + 14); }
    std::uint16_t check() const { return load_be16(m_bytes + 16); }
    std::uint16_t urg_ptr() const { return load_be16(m_bytes + 18); }
    const std::uint8_t* bytes() const { return m_bytes; }

private:
    explicit tcp_header_view(const std::uint8_t* bytes) : m_bytes(bytes) {}
    const std::uint8_t* m_bytes;
};

// struct udphdr (RFC 768)
class udp_header_view {
public:
    static constexpr std::size_t size = 8;

    static std::optional<udp_header_view> at(byte_view bytes, std::size_t offset) {
        return bytes.holds(offset, size) ? std::optional{udp_header_view{bytes.data + offset}} : std::nullopt;
    }

    port_number source() const { return {load_be16(m_bytes)}; }
    port_number dest() const { return {load_be16(m_bytes + 2)}; }
    std::uint16_t len() const { return load_be16(m_bytes + 4); }
    std::uint16_t check() const { return load_be16(m_bytes + 6); }

private:
    explicit udp_header_view(const std::uint8_t* bytes) : m_bytes(bytes) {}
    const std::uint8_t* m_bytes;
};

constexpr std::uint8_t ipproto_icmp = 1, ipproto_tcp = 6, ipproto_udp = 17;

}  // namespace rxpath
