// The states of a TCP socket under the kernel's names (include/net/tcp_states.h). A connected UDP socket is
// TCP_ESTABLISHED.
#pragma once

#include <cstdint>
#include <string_view>

namespace rxpath {

enum tcp_state : std::uint8_t {
    TCP_ESTABLISHED = 1,
    TCP_SYN_SENT,
    TCP_SYN_RECV,
    TCP_FIN_WAIT1,
    TCP_FIN_WAIT2,
    TCP_TIME_WAIT,
    TCP_CLOSE,
    TCP_CLOSE_WAIT,
    TCP_LAST_ACK,
    TCP_LISTEN,
    TCP_CLOSING,
    TCP_NEW_SYN_RECV
};

constexpr std::string_view to_string(tcp_state state) {
    constexpr std::string_view names[] = {"none",      "ESTABLISHED", "SYN_SENT",    "SYN_RECV",   "FIN_WAIT1",
                                          "FIN_WAIT2", "TIME_WAIT",   "CLOSE",       "CLOSE_WAIT", "LAST_ACK",
                                          "LISTEN",    "CLOSING",     "NEW_SYN_RECV"};
    return names[state];
}

// For fmt: a state prints as its number.
constexpr int format_as(tcp_state state) { return state; }

}  // namespace rxpath
