// UDP's sockets and their tables (struct udp_table, net/ipv4/udp.c): by port, and by local address and port; newest
// first.
#pragma once

#include <vector>

#include "models/base/receive_context.h"
#include "models/socket/sock.h"

namespace rxpath {

// struct udp_sock. Connected when there is a peer; the state is then TCP_ESTABLISHED.
struct udp_sock : sock {
    std::uint32_t forward_deficit = 0;  // bytes read and not yet given back
    bool incoming_cpu_noted = false;    // connected, and a packet was queued: sk_incoming_cpu is this CPU
};

inline udp_sock& udp_sk(sock_common& sk) { return static_cast<udp_sock&>(sk); }

class udp_table {
public:
    using bucket_list = std::vector<udp_sock*>;

    explicit udp_table(std::uint32_t secret) : m_by_port(bucket_count), m_by_address(bucket_count), m_secret(secret) {}

    void insert(udp_sock& sk);
    void remove(udp_sock& sk);
    // The socket's local address changed (udp_lib_rehash()): it becomes the newest of its new bucket.
    void rehash(udp_sock& sk, ipv4_address address);

    const bucket_list& bucket(ipv4_address address, port_number port) const {
        return m_by_address[address_slot(address, port)];
    }
    const bucket_list& port_bucket(port_number port) const { return m_by_port[port_slot(port)]; }
    bool same_bucket(ipv4_address a, ipv4_address b, port_number port) const {
        return address_slot(a, port) == address_slot(b, port);
    }

    std::size_t address_slot(ipv4_address address, port_number port) const;

private:
    static constexpr std::size_t bucket_count = 2048;  // one for 2 MiB of memory: the recorded host has 3 GiB
    static std::size_t port_slot(port_number port) { return port.value & (bucket_count - 1); }

    std::vector<bucket_list> m_by_port, m_by_address;
    std::uint32_t m_secret;
};

}  // namespace rxpath
