// UDP's sockets and their table (struct udp_table, net/ipv4/udp.c): by hash of local address and port, newest first.
// The table by port alone is for races and multicast; here it only says how many sockets a search in it passes.
#pragma once

#include <vector>

#include "models/base/receive_context.h"
#include "models/socket/sock.h"

namespace rxpath {

// struct udp_sock. Connected when there is a peer; the state is then TCP_ESTABLISHED.
struct udp_sock : sock {
    std::uint32_t forward_deficit = 0;  // bytes read and not yet given back
    bool incoming_cpu_noted = false;    // a packet was queued: the socket knows its CPU
};

inline udp_sock& udp_sk(sock_common& sk) { return static_cast<udp_sock&>(sk); }

class udp_table {
public:
    explicit udp_table(std::uint32_t secret) : m_buckets(bucket_count), m_ports(bucket_count), m_secret(secret) {}

    void insert(udp_sock& sk);
    void remove(udp_sock& sk);
    const std::vector<udp_sock*>& bucket(ipv4_address address, port_number port) const;
    std::size_t count_on_port(port_number port) const { return m_ports[port.value & (bucket_count - 1)]; }

private:
    static constexpr std::size_t bucket_count = 1024;
    std::size_t slot(ipv4_address address, port_number port) const;

    std::vector<std::vector<udp_sock*>> m_buckets;
    std::vector<std::size_t> m_ports;  // sockets by hash of port
    std::uint32_t m_secret;
};

}  // namespace rxpath
