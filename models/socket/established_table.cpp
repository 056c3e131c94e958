#include "models/socket/established_table.h"

#include <cassert>

#include <fmt/format.h>

#include "models/base/jhash.h"
#include "models/socket/inet_hashinfo.h"

namespace rxpath {

namespace {

std::uint32_t round_up_to_power_of_two(std::size_t n) {
    std::uint32_t power = 1;
    while (power < n) power *= 2;
    return power;
}

connection_key key_of(const sock_common& sk) { return {sk.skc_daddr, sk.skc_dport, sk.skc_rcv_saddr, sk.skc_num}; }

std::uint32_t inet_ehashfn(receive_context& context, const established_table& table, const connection_key& key) {
    context.trace.leaf(fn::inet_ehashfn);
    return table.hash(key);
}

}  // namespace

established_table::established_table(std::size_t buckets, std::uint32_t ehash_secret)
    : m_buckets(round_up_to_power_of_two(buckets)),
      m_mask(static_cast<std::uint32_t>(m_buckets.size() - 1)),
      m_secret(ehash_secret) {}

std::uint32_t established_table::hash(const connection_key& key) const {
    const auto ports = std::uint32_t{key.dport.value} << 16 | key.sport.value;
    return jhash_3words(key.daddr.value, key.saddr.value, ports, m_secret);
}

void established_table::insert(sock_common& sk) {
    assert(!sk.skc_hashed);
    sk.skc_hash = hash(key_of(sk));
    auto& bucket = m_buckets[sk.skc_hash & m_mask];
    sk.skc_next = bucket;
    bucket = &sk;
    sk.skc_hashed = true;
    sock_hold(sk);
    ++m_size;
}

void established_table::remove(sock_common& sk) {
    if (!sk.skc_hashed) return;
    auto** link = &m_buckets[sk.skc_hash & m_mask];
    while (*link != &sk) link = &(*link)->skc_next;
    *link = sk.skc_next;
    sk.skc_next = nullptr;
    sk.skc_hashed = false;
    --m_size;
    assert(sk.skc_refcnt > 1);
    --sk.skc_refcnt;
}

bool inet_match(const network_namespace& net, const sock_common& sk, const connection_key& key, int dif, int sdif) {
    return sk.skc_net == &net && sk.skc_daddr == key.saddr && sk.skc_rcv_saddr == key.daddr &&
           sk.skc_dport == key.sport && sk.skc_num == key.dport && inet_sk_bound_dev_eq(sk.skc_bound_dev_if, dif, sdif);
}

sock_common* __inet_lookup_established(receive_context& context, const inet_hashinfo& hashinfo,
                                       const network_namespace& net, ipv4_address saddr, port_number sport,
                                       ipv4_address daddr, port_number hnum, int dif, int sdif) {
    using namespace path::__inet_lookup_established;
    kernel_call here{context.trace, fn::__inet_lookup_established};
    const connection_key key{saddr, sport, daddr, hnum};
    const auto hash = inet_ehashfn(context, hashinfo.ehash, key);
    std::uint32_t entries_passed = 0;
    for (auto* sk = hashinfo.ehash.first_of_chain(hash); sk != nullptr; sk = sk->skc_next) {
        if (sk->skc_hash == hash && inet_match(net, *sk, key, dif, sdif)) {
            here.took(found);
            if (sk->skc_bound_dev_if != 0) here.took(bound_to_device);
            here.took(entry_passed, entries_passed);
            context.trace.reason(
                [&] { return fmt::format("found in state {}, entry {}", sk->skc_state, entries_passed + 1); });
            sock_hold(*sk);
            return sk;
        }
        if (sk->skc_hash == hash) here.took(other_socket_of_hash);
        if (sk->skc_hash == hash && inet_match(net, *sk, key, sk->skc_bound_dev_if, 0)) here.took(device_mismatched);
        ++entries_passed;
    }
    here.took(entry_passed, entries_passed);
    context.trace.reason([&] { return fmt::format("none of {} entries matches", entries_passed); });
    return nullptr;
}

}  // namespace rxpath
