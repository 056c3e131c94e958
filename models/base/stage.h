// The stages of the receive path, in packet order, under the names that tables, traces and statistics use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rxpath {

enum class stage : std::uint8_t {
    nic,
    napi,
    ip_receive,
    early_demux,
    routing,
    ip_deliver,
    socket_layer,
    application,
    count
};

constexpr std::size_t stage_count = static_cast<std::size_t>(stage::count);

constexpr std::string_view to_string(stage s) {
    constexpr std::string_view names[] = {"nic",     "napi",       "ip_receive",   "early_demux",
                                          "routing", "ip_deliver", "socket_layer", "application"};
    return names[static_cast<std::size_t>(s)];
}

}  // namespace rxpath
