#include "models/socket/udp_multicast.h"

#include <utility>

#include "models/base/kernel_functions/early_demux.h"
#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/skb_free.h"
#include "models/socket/udp.h"

namespace rxpath {

namespace {

constexpr std::size_t long_bucket = 10;  // beyond that, the table by address is used, or nobody is looked for

// __udp_is_mcast_sock(): how far the comparison of a socket with the datagram went.
enum class compared : std::uint8_t { net, port, peer_address, peer_port, address, device, all };

struct datagram {
    const network_namespace* net;
    connection_key addresses;
    int dif, sdif;
};

datagram describe(const inet_sockets& sockets, const sk_buff& skb) {
    const auto ip = skb.ip_hdr();
    const auto udp = skb.udp_hdr();
    return {sockets.net(), {ip.saddr(), udp.source(), ip.daddr(), udp.dest()}, skb.dev->ifindex, inet_sdif(skb)};
}

compared compare(const udp_sock& sk, const datagram& to) {
    const auto& [saddr, sport, daddr, dport] = to.addresses;
    if (sk.skc_net != to.net) return compared::net;
    if (sk.skc_num != dport) return compared::port;
    if (!sk.skc_daddr.is_unspecified() && sk.skc_daddr != saddr) return compared::peer_address;
    if (sk.skc_dport.value != 0 && sk.skc_dport != sport) return compared::peer_port;
    if (!sk.skc_rcv_saddr.is_unspecified() && sk.skc_rcv_saddr != daddr) return compared::address;
    return inet_sk_bound_dev_eq(sk.skc_bound_dev_if, to.dif, to.sdif) ? compared::all : compared::device;
}

// The compiler put the comparison into both callers.
template <class Step>
struct match_steps {
    Step mc_entry, mc_net_matched, mc_port_matched, mc_peer_address, mc_peer_port_looked_at, mc_peer_port,
        mc_address_looked_at, mc_address, mc_device_looked_at, mc_bound_to_device, mc_sources_asked;
    bool peer_is_compared_first;  // with the datagram's, and only then with "any"

    void record(kernel_call& here, const udp_sock& sk, const datagram& to, compared reached) const {
        const auto second_look = [this](bool any, bool equal) { return peer_is_compared_first ? !equal : !any; };
        const auto& [saddr, sport, daddr, dport] = to.addresses;
        here.took(mc_entry);
        if (reached == compared::net) return;
        here.took(mc_net_matched);
        if (reached == compared::port) return;
        here.took(mc_port_matched);
        if (second_look(sk.skc_daddr.is_unspecified(), sk.skc_daddr == saddr)) here.took(mc_peer_address);
        if (reached == compared::peer_address) return;
        here.took(mc_peer_port_looked_at);
        if (second_look(sk.skc_dport.value == 0, sk.skc_dport == sport)) here.took(mc_peer_port);
        if (reached == compared::peer_port) return;
        here.took(mc_address_looked_at);
        if (sk.skc_rcv_saddr != daddr) here.took(mc_address);
        if (reached == compared::address) return;
        here.took(mc_device_looked_at);
        if (sk.skc_bound_dev_if != 0) here.took(mc_bound_to_device);
        if (reached == compared::all) here.took(mc_sources_asked);
    }
};

constexpr auto deliver_steps = [] {
    using namespace path::__udp4_lib_rcv;
    return match_steps<step>{mc_entry,
                             mc_net_matched,
                             mc_port_matched,
                             mc_peer_address,
                             mc_peer_port_looked_at,
                             mc_peer_port,
                             mc_address_looked_at,
                             mc_address,
                             mc_device_looked_at,
                             mc_bound_to_device,
                             mc_sources_asked,
                             true};
}();

constexpr auto demux_steps = [] {
    using namespace path::udp_v4_early_demux;
    return match_steps<step>{mc_entry,
                             mc_net_matched,
                             mc_port_matched,
                             mc_peer_address,
                             mc_peer_port_looked_at,
                             mc_peer_port,
                             mc_address_looked_at,
                             mc_address,
                             mc_device_looked_at,
                             mc_bound_to_device,
                             mc_sources_asked,
                             false};
}();

// skb_clone() and the queueing of the clone. A queue keeps no bytes, so the packet itself goes and comes back.
void queue_clone(receive_context& context, udp_sock& sk, sk_buff& skb) {
    context.trace.leaf(fn::skb_clone);
    const auto data = skb.data, len = skb.len, data_len = skb.data_len;
    const auto refdst = skb._skb_refdst;
    if (auto* dst = skb_dst(skb); dst != nullptr && !skb_dst_is_noref(skb)) dst_hold(*dst);
    udp_queue_rcv_skb(context, sk, skb);
    skb.data = data;
    skb.len = len;
    skb.data_len = data_len;
    skb._skb_refdst = refdst;
}

}  // namespace

void __udp4_lib_mcast_deliver(receive_context& context, kernel_call& here, inet_sockets& sockets, sk_buff& skb) {
    using namespace path::__udp4_lib_rcv;
    const auto to = describe(sockets, skb);
    const auto& table = sockets.udp_table();
    udp_sock* first = nullptr;
    const auto walk = [&](const udp_table::bucket_list& bucket) {
        if (!bucket.empty()) here.took(mc_bucket_walked);
        for (auto* sk : bucket) {
            const auto reached = compare(*sk, to);
            deliver_steps.record(here, *sk, to, reached);
            if (reached != compared::all) continue;
            context.trace.leaf(fn::ip_mc_sf_allow);
            here.took(first == nullptr ? mc_first : mc_cloned);
            if (first != nullptr)
                queue_clone(context, *sk, skb);
            else
                first = sk;
        }
    };
    const auto daddr = to.addresses.daddr;
    const auto dport = to.addresses.dport;
    if (const auto& bucket = table.port_bucket(dport); bucket.size() <= long_bucket) {
        walk(bucket);
    } else {
        here.took(mc_by_address);
        walk(table.bucket(daddr, dport));
        if (!table.same_bucket(daddr, {}, dport)) walk(table.bucket({}, dport));
    }
    if (first == nullptr) return sk_skb_reason_drop(context, skb, drop_reason::NOT_SPECIFIED, fn::__udp4_lib_rcv);
    here.took(mc_delivered);
    udp_queue_rcv_skb(context, *first, skb);
}

udp_sock* __udp4_lib_mcast_demux_lookup(receive_context& context, kernel_call& here, inet_sockets& sockets,
                                        const sk_buff& skb) {
    using namespace path::udp_v4_early_demux;
    const auto to = describe(sockets, skb);
    const auto& bucket = sockets.udp_table().port_bucket(to.addresses.dport);
    if (bucket.size() > long_bucket) {
        here.took(mc_bucket_too_long);
        return nullptr;
    }
    udp_sock* result = nullptr;
    if (!bucket.empty()) here.took(mc_bucket_walked);
    for (auto* sk : bucket) {
        if (sk != bucket.front()) here.took(mc_further_entry);
        const auto reached = compare(*sk, to);
        demux_steps.record(here, *sk, to, reached);
        if (reached != compared::all) continue;
        context.trace.leaf(fn::ip_mc_sf_allow);
        if (std::exchange(result, sk) != nullptr) {
            here.took(mc_second_found);
            return nullptr;
        }
        here.took(mc_first);
    }
    return result;
}

}  // namespace rxpath
