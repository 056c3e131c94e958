#include "models/socket/udp_lookup.h"

#include <utility>

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/base/memory_objects.h"
#include "models/socket/inet_sockets.h"

namespace rxpath {

namespace {

// What a datagram asks for.
struct lookup_key {
    const network_namespace* net;
    connection_key addresses;
    int dif, sdif;
};

// compute_score(): how well a socket fits, and how far the comparison went; no match is -1.
struct udp_score {
    enum class compared : std::uint8_t { net, port, address, peer_address, peer_port, device, all } reached;
    int score = -1;
};

udp_score compute_score(const udp_sock& sk, const lookup_key& key) {
    using compared = udp_score::compared;
    if (sk.skc_net != key.net) return {compared::net};
    if (sk.skc_num != key.addresses.dport) return {compared::port};
    if (sk.skc_rcv_saddr != key.addresses.daddr) return {compared::address};
    int score = 2;  // an IPv4 socket, for IPv4
    if (!sk.skc_daddr.is_unspecified()) {
        if (sk.skc_daddr != key.addresses.saddr) return {compared::peer_address};
        score += 4;
    }
    if (sk.skc_dport.value != 0) {
        if (sk.skc_dport != key.addresses.sport) return {compared::peer_port};
        score += 4;
    }
    if (!inet_sk_bound_dev_eq(sk.skc_bound_dev_if, key.dif, key.sdif)) return {compared::device};
    if (sk.skc_bound_dev_if != 0) score += 4;
    if (sk.incoming_cpu_noted) ++score;
    return {compared::all, score};
}

// The compiler put compute_score() into each of its two callers: the steps as each has them.
template <class Step>
struct score_steps {
    Step entry, net_matched, port_matched, address_matched, peer_address_compared, peer_port_looked_at,
        peer_port_compared, peer_matched, device_looked_at, bound_to_device, device_mismatched, scored;

    void record(kernel_call& here, const udp_sock& sk, udp_score::compared reached) const {
        using compared = udp_score::compared;
        here.took(entry);
        if (reached == compared::net) return;
        here.took(net_matched);
        if (reached == compared::port) return;
        here.took(port_matched);
        if (reached == compared::address) return;
        here.took(address_matched);
        if (!sk.skc_daddr.is_unspecified()) here.took(peer_address_compared);
        if (reached == compared::peer_address) return;
        here.took(peer_port_looked_at);
        if (sk.skc_dport.value != 0) here.took(peer_port_compared);
        if (reached == compared::peer_port) return;
        if (sk.skc_dport.value != 0) here.took(peer_matched);
        here.took(device_looked_at);
        if (reached == compared::device) return here.took(device_mismatched);
        if (sk.skc_bound_dev_if != 0) here.took(bound_to_device);
        here.took(scored);
    }
};

constexpr auto lookup2_steps = [] {
    using namespace path::udp4_lib_lookup2;
    return score_steps<step>{entry,
                             net_matched,
                             port_matched,
                             address_matched,
                             peer_address_compared,
                             peer_port_looked_at,
                             peer_port_compared,
                             peer_matched,
                             device_looked_at,
                             bound_to_device,
                             device_mismatched,
                             scored};
}();

constexpr auto lookup1_steps = [] {
    using namespace path::__udp4_lib_lookup;
    return score_steps<step>{entry,
                             net_matched,
                             port_matched,
                             address_matched,
                             peer_address_compared,
                             peer_port_looked_at,
                             peer_port_compared,
                             peer_matched,
                             device_looked_at,
                             bound_to_device,
                             device_mismatched,
                             scored};
}();

udp_sock* udp4_lib_lookup2(receive_context& context, const udp_table::bucket_list& bucket, const lookup_key& key) {
    using namespace path::udp4_lib_lookup2;
    kernel_call here{context.trace, fn::udp4_lib_lookup2};
    udp_sock* result = nullptr;
    int best = 0;
    if (!bucket.empty()) here.took(bucket_walked);
    for (auto* sk : bucket) {
        if (sk != bucket.front()) here.took(further_entry);
        works_on_sock(context.trace, *sk);
        const auto [reached, score] = compute_score(*sk, key);
        lookup2_steps.record(here, *sk, reached);
        if (score <= best) {
            here.took(worse_score);
            continue;
        }
        best = score;
        result = sk;
        here.took(better_score);
        if (sk->skc_state == TCP_ESTABLISHED) continue;
        here.took(unconnected);
        context.trace.leaf(fn::inet_lookup_reuseport);
    }
    return result;
}

// udp4_lib_lookup1(), inside __udp4_lib_lookup(): the table by port, in case a socket is being connected right now.
udp_sock* udp4_lib_lookup1(call_trace& trace, kernel_call& here, const udp_table::bucket_list& bucket,
                           const lookup_key& key) {
    using namespace path::__udp4_lib_lookup;
    udp_sock* result = nullptr;
    int best = 0;
    here.took(port_table);
    if (!bucket.empty()) here.took(bucket_walked);
    for (auto* sk : bucket) {
        if (sk != bucket.front()) here.took(further_entry);
        works_on_sock(trace, *sk);
        const auto [reached, score] = compute_score(*sk, key);
        lookup1_steps.record(here, *sk, reached);
        if (score <= best) continue;
        here.took(better_score);
        best = score;
        result = sk;
    }
    return result;
}

}  // namespace

udp_sock* __udp4_lib_lookup(receive_context& context, inet_sockets& sockets, ipv4_address saddr, port_number sport,
                            ipv4_address daddr, port_number dport, int dif, int sdif) {
    using namespace path::__udp4_lib_lookup;
    kernel_call here{context.trace, fn::__udp4_lib_lookup};
    const auto& table = sockets.udp_table();
    lookup_key key{sockets.net(), {saddr, sport, daddr, dport}, dif, sdif};
    context.trace.works_on_number(memory_object::udp_slot, table.address_slot(daddr, dport));
    if (auto* found = udp4_lib_lookup2(context, table.bucket(daddr, dport), key)) {
        if (found->skc_state != TCP_ESTABLISHED) here.took(unconnected);
        return found;
    }
    here.took(any_address);
    key.addresses.daddr = {};
    context.trace.works_on_number(memory_object::udp_slot, table.address_slot({}, dport));
    auto* found = udp4_lib_lookup2(context, table.bucket({}, dport), key);
    if (found == nullptr) {
        key.addresses.daddr = daddr;
        found = udp4_lib_lookup1(context.trace, here, table.port_bucket(dport), key);
    }
    context.trace.reason([&] {
        return found != nullptr ? fmt::format("a socket is bound to port {} of any address", dport.value)
                                : fmt::format("nobody receives on {}:{}", daddr.to_string(), dport.value);
    });
    return found;
}

udp_demux_result __udp4_lib_demux_lookup(inet_sockets& sockets, port_number loc_port, ipv4_address loc_addr,
                                         port_number rmt_port, ipv4_address rmt_addr, int dif, int sdif) {
    using compared = udp_demux_result::compared;
    const auto& bucket = sockets.udp_table().bucket(loc_addr, loc_port);
    if (bucket.empty()) return {};
    auto& sk = *bucket.front();
    if (sk.skc_net != sockets.net()) return {nullptr, compared::net};
    if (sk.skc_dport != rmt_port || sk.skc_num != loc_port) return {nullptr, compared::ports};
    if (sk.skc_daddr != rmt_addr || sk.skc_rcv_saddr != loc_addr) return {nullptr, compared::addresses};
    const bool takes = inet_sk_bound_dev_eq(sk.skc_bound_dev_if, dif, sdif);
    return {takes ? &sk : nullptr, compared::device, sk.skc_bound_dev_if != 0};
}

}  // namespace rxpath
