#include "models/socket/listener_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/jhash.h"
#include "models/base/kernel_functions/socket.h"
#include "models/base/memory_objects.h"
#include "models/socket/inet_hashinfo.h"

namespace rxpath {

namespace {

using namespace path::inet_lhash2_lookup;

// compute_score(): -1 is no match; a listener bound to the device beats one that is not.
int compute_score(kernel_call& here, const tcp_sock& sk, const listener_query& query) {
    here.took(entry);
    if (sk.skc_net != &query.net) return -1;
    here.took(net_matched);
    if (sk.skc_num != query.local.port) return -1;
    here.took(port_matched);
    if (sk.skc_rcv_saddr != query.local.address) return -1;
    here.took(address_matched);
    if (sk.skc_bound_dev_if != 0) here.took(bound_to_device);
    if (!inet_sk_bound_dev_eq(sk.skc_bound_dev_if, query.dif, query.sdif)) {
        here.took(device_mismatched);
        return -1;
    }
    return sk.skc_bound_dev_if != 0 ? 3 : 2;
}

// The listener of sk's group that gets the connection; null when sk shares with nobody.
tcp_sock* inet_lookup_reuseport(receive_context& context, const inet_hashinfo& hashinfo, const tcp_sock& sk,
                                const listener_query& query, ipv4_address daddr) {
    if (sk.sk_reuseport_cb == nullptr) return nullptr;
    context.trace.leaf(fn::inet_ehashfn);
    const auto hash = hashinfo.ehash.hash({query.peer.address, query.peer.port, daddr, query.local.port});
    return &reuseport_select_sock(context, *sk.sk_reuseport_cb, hash);
}

// query.local.address is the one of the bucket: the packet's, or any.
tcp_sock* inet_lhash2_lookup(receive_context& context, const inet_hashinfo& hashinfo, const listener_query& query) {
    kernel_call here{context.trace, fn::inet_lhash2_lookup};
    tcp_sock* result = nullptr;
    int highest = 0;
    const auto& bucket = hashinfo.lhash2.bucket(query.local.address, query.local.port);
    const auto slot = hashinfo.lhash2.slot(query.local.address, query.local.port);
    context.trace.streams(address_of(memory_object::listen_bucket, slot), describe(memory_object::listen_bucket).bytes);
    if (!bucket.empty()) here.took(bucket_walked);
    for (auto* sk : bucket) {
        works_on_sock(context.trace, *sk);
        const int score = compute_score(here, *sk, query);
        if (score <= highest) continue;
        here.took(better_score);
        if (auto* chosen = inet_lookup_reuseport(context, hashinfo, *sk, query, query.local.address)) {
            here.took(chosen_by_group);
            return chosen;
        }
        result = sk;
        highest = score;
    }
    return result;
}

}  // namespace

std::size_t listener_table::slot(ipv4_address address, port_number port) const {
    return (jhash_1word(address.value, m_secret) ^ port.value) & (m_buckets.size() - 1);  // ipv4_portaddr_hash()
}

const std::vector<tcp_sock*>& listener_table::bucket(ipv4_address address, port_number port) const {
    return m_buckets[slot(address, port)];
}

// sk joins the group of those that listen where it does, or founds one.
void listener_table::inet_reuseport_add_sock(tcp_sock& sk, const std::vector<tcp_sock*>& bucket) {
    const auto shares = [&](const tcp_sock* other) {
        return other->sk_reuseport && other->skc_net == sk.skc_net && other->local() == sk.local() &&
               other->skc_bound_dev_if == sk.skc_bound_dev_if;
    };
    const auto found = std::find_if(bucket.begin(), bucket.end(), shares);
    if (found != bucket.end())
        sk.sk_reuseport_cb = (*found)->sk_reuseport_cb;
    else
        sk.sk_reuseport_cb = m_groups.emplace_back(std::make_unique<sock_reuseport>()).get();
    sk.sk_reuseport_cb->socks.push_back(&sk);
}

void listener_table::insert(tcp_sock& sk) {
    auto& bucket = m_buckets[slot(sk.skc_rcv_saddr, sk.skc_num)];
    if (sk.sk_reuseport) inet_reuseport_add_sock(sk, bucket);
    bucket.insert(bucket.begin(), &sk);
    sock_hold(sk);
}

void listener_table::remove(tcp_sock& sk) {
    auto& bucket = m_buckets[slot(sk.skc_rcv_saddr, sk.skc_num)];
    const auto found = std::find(bucket.begin(), bucket.end(), &sk);
    if (found == bucket.end()) return;
    bucket.erase(found);
    if (sk.sk_reuseport_cb != nullptr) reuseport_detach_sock(*sk.sk_reuseport_cb, sk);
    --sk.skc_refcnt;
}

tcp_sock* __inet_lookup_listener(receive_context& context, const inet_hashinfo& hashinfo, const listener_query& query) {
    kernel_call here{context.trace, fn::__inet_lookup_listener};
    auto* result = inet_lhash2_lookup(context, hashinfo, query);
    if (result == nullptr) {
        here.took(path::__inet_lookup_listener::any_address);
        auto any = query;
        any.local.address = {};
        result = inet_lhash2_lookup(context, hashinfo, any);
    }
    context.trace.reason([&] {
        return result == nullptr ? fmt::format("nobody listens on {}", query.local.to_string())
                                 : fmt::format("a socket listens on {}", result->local().to_string());
    });
    return result;
}

}  // namespace rxpath
