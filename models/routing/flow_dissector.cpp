#include "models/routing/flow_dissector.h"

#include <array>
#include <utility>

namespace rxpath {

namespace {

// Where the two ports are behind the protocol's header (proto_ports_offset()); nothing: it has none.
std::optional<std::size_t> proto_ports_offset(std::uint8_t protocol) {
    constexpr std::uint8_t dccp = 33, esp = 50, sctp = 132, udplite = 136;
    switch (protocol) {
        case ipproto_tcp:
        case ipproto_udp:
        case dccp:
        case esp:
        case sctp:
        case udplite:
            return 0;
        case ipproto_ah:
            return 4;
        default:
            return std::nullopt;
    }
}

void dissect_ports(flow_keys& keys, byte_view bytes, std::size_t transport) {
    const auto offset = proto_ports_offset(keys.ip_proto);
    if (!offset || !bytes.holds(transport + *offset, 4)) return;
    const auto* at = bytes.data + transport + *offset;
    keys.sport = {load_be16(at)};
    keys.dport = {load_be16(at + 2)};
}

void put_be16(std::uint8_t* at, std::uint16_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}

void put_be32(std::uint8_t* at, std::uint32_t value) {
    put_be16(at, static_cast<std::uint16_t>(value >> 16));
    put_be16(at + 2, static_cast<std::uint16_t>(value));
}

// What little-endian hardware reads from bytes in network order: the kernel compares these.
std::uint32_t as_read(ipv4_address address) { return __builtin_bswap32(address.value); }
std::uint16_t as_read(port_number port) { return __builtin_bswap16(port.value); }

// __flow_hash_consistentify(): both directions of a flow look alike.
void consistentify(flow_keys& keys) {
    if (as_read(keys.dst) < as_read(keys.src)) std::swap(keys.src, keys.dst);
    if (as_read(keys.dport) < as_read(keys.sport)) std::swap(keys.sport, keys.dport);
}

}  // namespace

flow_keys skb_flow_dissect_flow_keys(const sk_buff& skb, dissect_depth depth) {
    flow_keys keys;
    const auto bytes = skb.linear_bytes();
    for (std::size_t at = skb.network_header;;) {
        const auto header = ipv4_header_view::at(bytes, at);
        if (!header || header->ihl() < 5) return keys;
        at += header->ihl() * std::size_t{4};
        keys.src = header->saddr();
        keys.dst = header->daddr();
        keys.ip_proto = header->protocol();
        if (header->is_fragment()) return keys;
        dissect_ports(keys, bytes, at);
        if (keys.ip_proto != ipproto_ipip) return keys;
        keys.encapsulation = true;
        if (depth == dissect_depth::outer) return keys;
    }
}

std::uint32_t flow_hash_from_keys_seed(const flow_keys& keys, const siphash_key& key) {
    auto sorted = keys;
    consistentify(sorted);
    // struct flow_keys from `basic` on, with the padding at its end: all other members stay zero for IPv4.
    constexpr std::size_t ip_proto = 2, sport = 28, dport = 30, src = 36, dst = 40;
    std::array<std::uint8_t, 48> bytes{};
    bytes[ip_proto] = sorted.ip_proto;
    put_be16(&bytes[sport], sorted.sport.value);
    put_be16(&bytes[dport], sorted.dport.value);
    put_be32(&bytes[src], sorted.src.value);
    put_be32(&bytes[dst], sorted.dst.value);
    const auto hash = static_cast<std::uint32_t>(siphash(bytes.data(), bytes.size(), key));
    return hash != 0 ? hash : 1;
}

}  // namespace rxpath
