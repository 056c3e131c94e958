// The listening table (struct inet_hashinfo's lhash2, net/ipv4/inet_hashtables.c): listeners by hash of local address
// and port. Left out: SO_REUSEPORT groups, BPF socket lookup, IPv6 listeners, SO_INCOMING_CPU.
#pragma once

#include <vector>

#include "models/base/receive_context.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

class listener_table {
public:
    // `buckets` is a power of two.
    listener_table(std::size_t buckets, std::uint32_t secret) : m_buckets(buckets), m_secret(secret) {}

    void insert(tcp_sock& sk);
    void remove(tcp_sock& sk);
    const std::vector<tcp_sock*>& bucket(ipv4_address address, port_number port) const;

private:
    std::size_t slot(ipv4_address address, port_number port) const;

    std::vector<std::vector<tcp_sock*>> m_buckets;
    std::uint32_t m_secret;
};

struct inet_hashinfo;

// The listener with the best score for the address, else for any address; null when there is none. No reference is
// taken.
tcp_sock* __inet_lookup_listener(receive_context& context, const inet_hashinfo& hashinfo, const network_namespace& net,
                                 ipv4_address daddr, port_number hnum, int dif, int sdif);

}  // namespace rxpath
