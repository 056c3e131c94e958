// struct sock_reuseport (net/core/sock_reuseport.c): listeners of one address, port and device that share the
// connections (SO_REUSEPORT). The peer's address and port choose among them. Left out: programs that choose,
// SO_INCOMING_CPU, owners (all are one user's), moving half-open connections when a listener closes
// (net.ipv4.tcp_migrate_req).
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/receive_context.h"

namespace rxpath {

struct tcp_sock;

struct sock_reuseport {
    std::vector<tcp_sock*> socks;
};

// reciprocal_scale(), include/linux/kernel.h: a 32-bit number as one below `limit`.
constexpr std::uint32_t reciprocal_scale(std::uint32_t value, std::uint32_t limit) {
    return static_cast<std::uint32_t>(std::uint64_t{value} * limit >> 32);
}

// The listener of the group that the hash of the connection chooses.
tcp_sock& reuseport_select_sock(receive_context& context, const sock_reuseport& group, std::uint32_t hash);
// The last listener takes the place of one that closes.
void reuseport_detach_sock(sock_reuseport& group, const tcp_sock& sk);

}  // namespace rxpath
