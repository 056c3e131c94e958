#include "models/socket/listener_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/jhash.h"
#include "models/socket/inet_hashinfo.h"

namespace rxpath {

namespace {

using namespace path::inet_lhash2_lookup;

// compute_score(): -1 is no match; a listener bound to the device beats one that is not.
int compute_score(kernel_call& here, const tcp_sock& sk, const network_namespace& net, ipv4_address daddr,
                  port_number hnum, int dif, int sdif) {
    here.took(entry);
    if (sk.skc_net != &net) return -1;
    here.took(net_matched);
    if (sk.skc_num != hnum) return -1;
    here.took(port_matched);
    if (sk.skc_rcv_saddr != daddr) return -1;
    here.took(address_matched);
    if (sk.skc_bound_dev_if != 0) here.took(bound_to_device);
    if (!inet_sk_bound_dev_eq(sk.skc_bound_dev_if, dif, sdif)) {
        here.took(device_mismatched);
        return -1;
    }
    return sk.skc_bound_dev_if != 0 ? 3 : 2;
}

tcp_sock* inet_lhash2_lookup(receive_context& context, const inet_hashinfo& hashinfo, const network_namespace& net,
                             ipv4_address daddr, port_number hnum, int dif, int sdif) {
    kernel_call here{context.trace, fn::inet_lhash2_lookup};
    tcp_sock* result = nullptr;
    int highest = 0;
    const auto& bucket = hashinfo.lhash2.bucket(daddr, hnum);
    if (!bucket.empty()) here.took(bucket_walked);
    for (auto* sk : bucket) {
        const int score = compute_score(here, *sk, net, daddr, hnum, dif, sdif);
        if (score <= highest) continue;
        here.took(better_score);
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

void listener_table::insert(tcp_sock& sk) {
    auto& bucket = m_buckets[slot(sk.skc_rcv_saddr, sk.skc_num)];
    bucket.insert(bucket.begin(), &sk);
    sock_hold(sk);
}

void listener_table::remove(tcp_sock& sk) {
    auto& bucket = m_buckets[slot(sk.skc_rcv_saddr, sk.skc_num)];
    const auto found = std::find(bucket.begin(), bucket.end(), &sk);
    if (found == bucket.end()) return;
    bucket.erase(found);
    --sk.skc_refcnt;
}

tcp_sock* __inet_lookup_listener(receive_context& context, const inet_hashinfo& hashinfo, const network_namespace& net,
                                 ipv4_address daddr, port_number hnum, int dif, int sdif) {
    kernel_call here{context.trace, fn::__inet_lookup_listener};
    auto* result = inet_lhash2_lookup(context, hashinfo, net, daddr, hnum, dif, sdif);
    if (result == nullptr) {
        here.took(path::__inet_lookup_listener::any_address);
        result = inet_lhash2_lookup(context, hashinfo, net, ipv4_address{}, hnum, dif, sdif);
    }
    context.trace.reason([&] {
        return result == nullptr ? fmt::format("nobody listens on {}:{}", daddr.to_string(), hnum.value)
                                 : fmt::format("listener {}", result->local().to_string());
    });
    return result;
}

}  // namespace rxpath
