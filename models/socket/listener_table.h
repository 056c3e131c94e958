// The listening table (struct inet_hashinfo's lhash2, net/ipv4/inet_hashtables.c): listeners by hash of local address
// and port. Left out: BPF socket lookup, IPv6 listeners, SO_INCOMING_CPU.
#pragma once

#include <memory>
#include <vector>

#include "models/base/receive_context.h"
#include "models/socket/sock_reuseport.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

class listener_table {
public:
    // `buckets` is a power of two.
    listener_table(std::size_t buckets, std::uint32_t secret) : m_buckets(buckets), m_secret(secret) {}

    void insert(tcp_sock& sk);
    void remove(tcp_sock& sk);
    const std::vector<tcp_sock*>& bucket(ipv4_address address, port_number port) const;
    // The number of that bucket.
    std::size_t slot(ipv4_address address, port_number port) const;
    // Calls visit(const tcp_sock&) for each listener.
    template <class Visit>
    void each(Visit visit) const {
        for (const auto& bucket : m_buckets)
            for (const auto* sk : bucket) visit(*sk);
    }

private:
    void inet_reuseport_add_sock(tcp_sock& sk, const std::vector<tcp_sock*>& bucket);

    std::vector<std::vector<tcp_sock*>> m_buckets;
    std::vector<std::unique_ptr<sock_reuseport>> m_groups;
    std::uint32_t m_secret;
};

struct inet_hashinfo;

// What a segment asks for: `peer` chooses in an SO_REUSEPORT group.
struct listener_query {
    const network_namespace& net;
    endpoint local, peer;
    int dif, sdif;
};

// The listener with the best score for the address, else for any address; null when there is none. No reference is
// taken.
tcp_sock* __inet_lookup_listener(receive_context& context, const inet_hashinfo& hashinfo, const listener_query& query);

}  // namespace rxpath
