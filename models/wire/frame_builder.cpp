#include "models/wire/frame_builder.h"

#include "models/base/checksum.h"
#include "models/base/store_bytes.h"

namespace rxpath {

namespace {

constexpr std::uint32_t mss_option_size = 4;

// Whom the sender's link layer addresses: a group's MAC (RFC 1112 §6.4), everybody's, or the next hop's.
packet_type frame_type(ipv4_address to) {
    if (to.is_multicast()) return packet_type::multicast;
    return to.is_limited_broadcast() ? packet_type::broadcast : packet_type::host;
}

std::uint16_t checksum(std::uint64_t sum) { return static_cast<std::uint16_t>(~csum_fold(sum)); }

// The IPv4 header, over `headers` bytes of headers in all.
void build_ip(packet& out, const endpoint& from, const endpoint& to, std::uint8_t protocol, std::size_t headers,
              byte_count payload, std::uint16_t id) {
    out.bytes.assign(headers, 0);
    out.length = byte_count{headers} + payload;
    out.type = frame_type(to.address);
    out.csum_verified_by_nic = true;
    auto* ip = out.bytes.data();
    ip[0] = 0x45;
    store_be16(ip + 2, static_cast<std::uint32_t>(out.length.value));
    store_be16(ip + 4, id);
    store_be16(ip + 6, ipv4_header_view::ip_df);
    ip[8] = 64;  // time to live
    ip[9] = protocol;
    store_be32(ip + 12, from.address.value);
    store_be32(ip + 16, to.address.value);
    store_be16(ip + 10, checksum(internet_sum(ip, ipv4_header_view::size)));
}

// The transport checksum over the header from `transport` on and a payload of zeros.
std::uint16_t transport_checksum(const packet& out, const endpoint& from, const endpoint& to, std::uint8_t protocol) {
    const auto* transport = out.bytes.data() + ipv4_header_view::size;
    const auto headers = out.bytes.size() - ipv4_header_view::size;
    const auto size = static_cast<std::uint32_t>(out.length.value - ipv4_header_view::size);
    return checksum(csum_tcpudp_nofold(from.address, to.address, size, protocol) + internet_sum(transport, headers));
}

}  // namespace

void build_tcp(packet& out, const tcp_segment& segment, std::uint16_t id) {
    const std::size_t options = segment.mss != 0 ? mss_option_size : 0;
    const auto headers = ipv4_header_view::size + tcp_header_view::size + options;
    build_ip(out, segment.from, segment.to, ipproto_tcp, headers, segment.payload, id);
    auto* tcp = out.bytes.data() + ipv4_header_view::size;
    store_be16(tcp, segment.from.port.value);
    store_be16(tcp + 2, segment.to.port.value);
    store_be32(tcp + 4, segment.seq.value);
    store_be32(tcp + 8, segment.ack_seq.value);
    tcp[12] = static_cast<std::uint8_t>((tcp_header_view::size + options) / 4 << 4);
    tcp[13] = segment.flags;
    store_be16(tcp + 14, segment.window);
    if (options != 0) {
        tcp[20] = 2;  // maximum segment size (RFC 9293 §3.7.1)
        tcp[21] = mss_option_size;
        store_be16(tcp + 22, segment.mss);
    }
    store_be16(tcp + 16, transport_checksum(out, segment.from, segment.to, ipproto_tcp));
}

void build_udp(packet& out, const endpoint& from, const endpoint& to, byte_count payload, std::uint16_t id) {
    build_ip(out, from, to, ipproto_udp, ipv4_header_view::size + udp_header_view::size, payload, id);
    auto* udp = out.bytes.data() + ipv4_header_view::size;
    store_be16(udp, from.port.value);
    store_be16(udp + 2, to.port.value);
    store_be16(udp + 4, static_cast<std::uint32_t>(udp_header_view::size + payload.value));
    const auto sum = transport_checksum(out, from, to, ipproto_udp);
    store_be16(udp + 6, sum == 0 ? 0xffff : sum);
}

}  // namespace rxpath
