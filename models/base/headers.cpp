#include "models/base/headers.h"

namespace rxpath {

namespace {

bool fits(byte_view bytes, std::size_t offset, std::size_t size) {
    return offset <= bytes.size && bytes.size - offset >= size;
}

}  // namespace

std::optional<ipv4_header_view> ipv4_header_view::at(byte_view bytes, std::size_t offset) {
    if (!fits(bytes, offset, size)) return std::nullopt;
    return ipv4_header_view{bytes.data + offset};
}

std::optional<tcp_header_view> tcp_header_view::at(byte_view bytes, std::size_t offset) {
    if (!fits(bytes, offset, size)) return std::nullopt;
    return tcp_header_view{bytes.data + offset};
}

std::optional<udp_header_view> udp_header_view::at(byte_view bytes, std::size_t offset) {
    if (!fits(bytes, offset, size)) return std::nullopt;
    return udp_header_view{bytes.data + offset};
}

}  // namespace rxpath
