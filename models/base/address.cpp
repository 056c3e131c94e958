#include "models/base/address.h"

#include <charconv>

#include <fmt/format.h>

namespace rxpath {

namespace {

// A decimal number that fills the whole text and is at most `most`.
std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && number <= most ? std::optional{number} : std::nullopt;
}

}  // namespace

std::string ipv4_address::to_string() const {
    return fmt::format("{}.{}.{}.{}", value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255);
}

std::string ipv4_prefix::to_string() const { return fmt::format("{}/{}", address.to_string(), length); }

std::string endpoint::to_string() const { return fmt::format("{}:{}", address.to_string(), port.value); }

std::optional<ipv4_address> parse_ipv4_address(std::string_view text) {
    ipv4_address address;
    for (int part = 0; part < 4; ++part) {
        const auto dot = part < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos) return std::nullopt;
        const auto number = parse_number(text.substr(0, dot), 255);
        if (!number) return std::nullopt;
        address.value = address.value << 8 | *number;
        text.remove_prefix(part < 3 ? dot + 1 : dot);
    }
    return address;
}

std::optional<ipv4_prefix> parse_ipv4_prefix(std::string_view text) {
    if (text == "default") return ipv4_prefix{};
    const auto slash = text.find('/');
    const auto address = parse_ipv4_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == std::string_view::npos) return ipv4_prefix{*address, 32};
    const auto length = parse_number(text.substr(slash + 1), 32);
    if (!length) return std::nullopt;
    return ipv4_prefix{*address, static_cast<std::uint8_t>(*length)};
}

std::optional<endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto address = parse_ipv4_address(text.substr(0, colon));
    const auto port = parse_number(text.substr(colon + 1), 65535);
    if (!address || !port) return std::nullopt;
    return endpoint{*address, {static_cast<std::uint16_t>(*port)}};
}

}  // namespace rxpath
