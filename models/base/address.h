// IPv4 addresses, prefixes and ports, in host byte order.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rxpath {

struct ipv4_address {
    std::uint32_t value = 0;

    constexpr bool is_loopback() const { return (value >> 24) == 127; }
    constexpr bool is_multicast() const { return (value >> 28) == 0xe; }
    constexpr bool is_local_multicast() const { return (value >> 8) == 0xe00000; }
    constexpr bool is_limited_broadcast() const { return value == 0xffffffff; }
    constexpr bool is_unspecified() const { return value == 0; }
    std::string to_string() const;

    friend constexpr bool operator==(ipv4_address a, ipv4_address b) { return a.value == b.value; }
    friend constexpr bool operator!=(ipv4_address a, ipv4_address b) { return a.value != b.value; }
    friend constexpr bool operator<(ipv4_address a, ipv4_address b) { return a.value < b.value; }
};

struct port_number {
    std::uint16_t value = 0;
    friend constexpr bool operator==(port_number a, port_number b) { return a.value == b.value; }
    friend constexpr bool operator!=(port_number a, port_number b) { return a.value != b.value; }
    friend constexpr bool operator<(port_number a, port_number b) { return a.value < b.value; }
};

// A prefix: the address's bits beyond `length` are zero.
struct ipv4_prefix {
    ipv4_address address;
    std::uint8_t length = 0;  // 0..32

    constexpr std::uint32_t mask() const { return length == 0 ? 0 : ~std::uint32_t{0} << (32 - length); }
    constexpr bool contains(ipv4_address a) const { return (a.value & mask()) == address.value; }
    std::string to_string() const;
};

struct endpoint {
    ipv4_address address;
    port_number port;
    std::string to_string() const;
    friend constexpr bool operator==(endpoint a, endpoint b) { return a.address == b.address && a.port == b.port; }
    friend constexpr bool operator!=(endpoint a, endpoint b) { return !(a == b); }
};

// "10.0.0.1"; nothing when the text is no dotted quad.
std::optional<ipv4_address> parse_ipv4_address(std::string_view text);
// "10.0.0.0/24", "10.0.0.1" (a /32), "default"; bits beyond the length are kept as written.
std::optional<ipv4_prefix> parse_ipv4_prefix(std::string_view text);
// "10.0.0.1:80"
std::optional<endpoint> parse_endpoint(std::string_view text);

}  // namespace rxpath
