// The established table (struct inet_hashinfo's ehash, net/ipv4/inet_hashtables.c): all TCP sockets with a peer,
// request and TIME_WAIT sockets included, by hash of addresses and ports. Namespaces share a table, as in the kernel.
//
// The table never grows: its buckets are counted at boot, by the host's memory.
//
// Left out: the locks, the namespace's share in the hash (two namespaces' equal connections share a chain and are told
// apart by the match), the work of the very first hash of a boot, which makes the secret.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/receive_context.h"
#include "models/socket/sock.h"

namespace rxpath {

// How many buckets a kernel makes on a host with so much memory (alloc_large_system_hash() as tcp_init() calls it): one
// for 128 KiB, rounded up to a power of two, from 512 to 524288. The boot parameter thash_entries overrides it.
std::size_t thash_entries_for(std::uint64_t memory_bytes);

// The most that net.ipv4.tcp_rmem lets a receive buffer grow to there, bytes (tcp_init()): a 128th of the memory, from
// 128 KiB to 6 MiB.
int tcp_rmem_max_for(std::uint64_t memory_bytes);

struct connection_key {
    ipv4_address saddr;  // the peer's
    port_number sport;
    ipv4_address daddr;  // the own
    port_number dport;
};

class established_table {
public:
    using chain_link = hlist_nulls_link<sock_common>;

    // `buckets` is rounded up to a power of two.
    established_table(std::size_t buckets, std::uint32_t ehash_secret);

    // __inet_ehashfn(), include/net/inet_hashtables.h
    std::uint32_t hash(const connection_key& key) const;
    // At the head of its chain, under the socket's own addresses and ports. The table holds a reference.
    void insert(sock_common& sk);
    // `sk` takes the place of `old`, whose addresses and ports it has (sk_nulls_replace_node_init_rcu()): a connection
    // that of its request, a TIME_WAIT socket that of its connection. `sk` goes to the head when `old` is not hashed.
    void replace(sock_common& old, sock_common& sk);
    // Gives up the table's reference, which must not be the last.
    void remove(sock_common& sk);
    std::uint32_t slot(std::uint32_t hash) const { return hash & m_mask; }
    chain_link chain(std::uint32_t slot) const { return m_buckets[slot]; }

    std::size_t bucket_count() const { return m_buckets.size(); }
    std::size_t size() const { return m_size; }
    // Calls visit(const sock_common&) for each socket.
    template <class Visit>
    void each(Visit visit) const {
        for (auto link : m_buckets)
            for (; !link.is_a_nulls(); link = link.entry().skc_nulls_node) visit(link.entry());
    }

private:
    chain_link& link_to(const sock_common& sk);

    std::vector<chain_link> m_buckets;
    std::uint32_t m_mask;
    std::uint32_t m_secret;
    std::size_t m_size = 0;
};

// inet_match(), include/net/inet_hashtables.h
bool inet_match(const network_namespace& net, const sock_common& sk, const connection_key& key, int dif, int sdif);

struct inet_hashinfo;

// The socket of the connection, with a reference taken; null when there is none.
sock_common* __inet_lookup_established(receive_context& context, const inet_hashinfo& hashinfo,
                                       const network_namespace& net, ipv4_address saddr, port_number sport,
                                       ipv4_address daddr, port_number hnum, int dif, int sdif);

}  // namespace rxpath
