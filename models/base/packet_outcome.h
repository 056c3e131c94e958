// What became of a packet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rxpath {

enum class packet_outcome : std::uint8_t { delivered, forwarded, consumed, dropped, held, count };

constexpr std::string_view to_string(packet_outcome outcome) {
    constexpr std::string_view names[] = {"delivered", "forwarded", "consumed", "dropped", "held"};
    return names[static_cast<std::size_t>(outcome)];
}

}  // namespace rxpath
