#include "models/socket/established_table.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "models/base/jhash.h"
#include "models/base/kernel_functions/socket.h"
#include "models/base/memory_objects.h"
#include "models/socket/inet_hashinfo.h"

namespace rxpath {

namespace {

using chain_link = established_table::chain_link;

std::uint32_t round_up_to_power_of_two(std::size_t n) {
    std::uint32_t power = 1;
    while (power < n) power *= 2;
    return power;
}

connection_key key_of(const sock_common& sk) { return {sk.skc_daddr, sk.skc_dport, sk.skc_rcv_saddr, sk.skc_num}; }

// The socket is out of the table, which gives up its reference.
void unhashed(sock_common& sk) {
    sk.skc_hashed = false;
    assert(sk.skc_refcnt > 1);
    --sk.skc_refcnt;
}

std::uint32_t inet_ehashfn(receive_context& context, const established_table& table, const connection_key& key) {
    context.trace.leaf(fn::inet_ehashfn);
    return table.hash(key);
}

}  // namespace

std::size_t thash_entries_for(std::uint64_t memory_bytes) {
    constexpr std::uint64_t mebibyte = 1 << 20, memory_of_a_bucket = 128 << 10, most = 512 * 1024;
    constexpr std::uint64_t least = 512;  // a page of pointers
    const auto rounded = (memory_bytes + mebibyte - 1) / mebibyte * mebibyte;
    return std::min<std::uint64_t>(round_up_to_power_of_two(std::max(rounded / memory_of_a_bucket, least)), most);
}

int tcp_rmem_max_for(std::uint64_t memory_bytes) {
    constexpr std::uint64_t least = 128 << 10, most = 6 << 20, share = 128;
    return static_cast<int>(std::clamp(memory_bytes / share, least, most));
}

established_table::established_table(std::size_t buckets, std::uint32_t ehash_secret)
    : m_buckets(round_up_to_power_of_two(buckets)),
      m_mask(static_cast<std::uint32_t>(m_buckets.size() - 1)),
      m_secret(ehash_secret) {
    for (std::size_t i = 0; i < m_buckets.size(); ++i) m_buckets[i] = chain_link::end(i);
}

// The kernel hashes addresses and the peer's port as they are on the wire, the own port as a number.
std::uint32_t established_table::hash(const connection_key& key) const {
    const auto ports = std::uint32_t{key.dport.value} << 16 | __builtin_bswap16(key.sport.value);
    return jhash_3words(__builtin_bswap32(key.daddr.value), __builtin_bswap32(key.saddr.value), ports, m_secret);
}

void established_table::insert(sock_common& sk) {
    assert(!sk.skc_hashed);
    sk.skc_hash = hash(key_of(sk));
    auto& bucket = m_buckets[slot(sk.skc_hash)];
    sk.skc_nulls_node = bucket;
    bucket = chain_link{sk};
    sk.skc_hashed = true;
    sock_hold(sk);
    ++m_size;
}

void established_table::replace(sock_common& old, sock_common& sk) {
    if (!old.skc_hashed) return insert(sk);
    assert(!sk.skc_hashed);
    sk.skc_hash = old.skc_hash;
    sk.skc_nulls_node = old.skc_nulls_node;
    link_to(old) = chain_link{sk};
    sk.skc_hashed = true;
    sock_hold(sk);
    unhashed(old);
}

void established_table::remove(sock_common& sk) {
    if (!sk.skc_hashed) return;
    link_to(sk) = sk.skc_nulls_node;
    unhashed(sk);
    --m_size;
}

chain_link& established_table::link_to(const sock_common& sk) {
    auto* link = &m_buckets[slot(sk.skc_hash)];
    while (&link->entry() != &sk) link = &link->entry().skc_nulls_node;
    return *link;
}

bool inet_match(const network_namespace& net, const sock_common& sk, const connection_key& key, int dif, int sdif) {
    return sk.skc_net == &net && sk.skc_daddr == key.saddr && sk.skc_rcv_saddr == key.daddr &&
           sk.skc_dport == key.sport && sk.skc_num == key.dport && inet_sk_bound_dev_eq(sk.skc_bound_dev_if, dif, sdif);
}

namespace {

struct wanted_connection {
    const network_namespace& net;
    connection_key key;
    int dif, sdif;
    std::uint32_t hash;
};

// Walks a chain to the connection's socket, or to its end.
chain_link walk(call_trace& trace, kernel_call& here, chain_link link, const wanted_connection& wanted,
                std::uint32_t& entries_passed) {
    using namespace path::__inet_lookup_established;
    for (; !link.is_a_nulls(); link = link.entry().skc_nulls_node) {
        const auto& sk = link.entry();
        works_on_sock(trace, sk);
        if (sk.skc_hash == wanted.hash) {
            if (inet_match(wanted.net, sk, wanted.key, wanted.dif, wanted.sdif)) break;
            here.took(other_socket_of_hash);
            if (inet_match(wanted.net, sk, wanted.key, sk.skc_bound_dev_if, 0)) here.took(device_mismatched);
        }
        here.took(entry_passed);
        ++entries_passed;
    }
    return link;
}

}  // namespace

sock_common* __inet_lookup_established(receive_context& context, const inet_hashinfo& hashinfo,
                                       const network_namespace& net, ipv4_address saddr, port_number sport,
                                       ipv4_address daddr, port_number hnum, int dif, int sdif) {
    using namespace path::__inet_lookup_established;
    kernel_call here{context.trace, fn::__inet_lookup_established};
    const auto& table = hashinfo.ehash;
    const connection_key key{saddr, sport, daddr, hnum};
    const wanted_connection wanted{net, key, dif, sdif, inet_ehashfn(context, table, key)};
    const auto slot = table.slot(wanted.hash);
    context.trace.streams(address_of(memory_object::ehash_bucket, slot), sizeof(chain_link));
    std::uint32_t entries_passed = 0;
    chain_link link;
    do {  // once more when an entry that was met has moved to another chain
        link = walk(context.trace, here, table.chain(slot), wanted, entries_passed);
    } while (link.is_a_nulls() && link.nulls_value() != slot);
    if (link.is_a_nulls()) {
        context.trace.reason([&] {
            return fmt::format("no socket of {}:{} and {}:{} among {} in the bucket", saddr.to_string(), sport.value,
                               daddr.to_string(), hnum.value, entries_passed);
        });
        return nullptr;
    }
    auto& sk = link.entry();
    here.took(found);
    if (sk.skc_bound_dev_if != 0) here.took(bound_to_device);
    context.trace.reason([&] {
        return fmt::format("found a socket in {}, number {} in its bucket", to_string(sk.skc_state),
                           entries_passed + 1);
    });
    sock_hold(sk);
    return &sk;
}

}  // namespace rxpath
