#include "models/socket/udp.h"

#include <utility>

#include <fmt/format.h>

#include "models/routing/rtable.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/skb_checksum_complete.h"
#include "models/socket/sock_checks.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_ipv4.h"

namespace rxpath {

namespace {

// compute_score(): -1 is no match; the peer, the device and a connected address each count.
int compute_score(kernel_call& here, const udp_sock& sk, const network_namespace* net, const connection_key& key,
                  int dif, int sdif) {
    using namespace path::udp4_lib_lookup2;
    here.took(entry);
    if (sk.skc_net != net) return -1;
    here.took(net_matched);
    if (sk.skc_num != key.dport) return -1;
    here.took(port_matched);
    if (sk.skc_rcv_saddr != key.daddr) return -1;
    here.took(address_matched);
    int score = 2;
    if (!sk.skc_daddr.is_unspecified()) {
        here.took(peer_address_compared);
        if (sk.skc_daddr != key.saddr) return -1;
        score += 4;
    }
    here.took(peer_port_looked_at);
    if (sk.skc_dport.value != 0) {
        here.took(peer_port_compared);
        if (sk.skc_dport != key.sport) return -1;
        here.took(peer_matched);
        score += 4;
    }
    here.took(device_looked_at);
    if (!inet_sk_bound_dev_eq(sk.skc_bound_dev_if, dif, sdif)) return -1;
    if (sk.skc_bound_dev_if != 0) {
        here.took(bound_to_device);
        score += 4;
    }
    here.took(scored);
    return score;
}

udp_sock* udp4_lib_lookup2(receive_context& context, inet_sockets& sockets, const connection_key& key, int dif,
                           int sdif) {
    using namespace path::udp4_lib_lookup2;
    kernel_call here{context.trace, fn::udp4_lib_lookup2};
    udp_sock* result = nullptr;
    int best = 0;
    const auto& bucket = sockets.udp_table().bucket(key.daddr, key.dport);
    if (!bucket.empty()) here.took(bucket_walked);
    bool first = true;
    for (auto* sk : bucket) {
        if (!std::exchange(first, false)) here.took(further_entry);
        const int score = compute_score(here, *sk, sockets.net(), key, dif, sdif);
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

// udp_sk_rx_dst_set(): a socket found by early demux learns the packet's dst when it changed.
void udp_sk_rx_dst_set(receive_context& context, udp_sock& sk, dst_entry* dst) {
    kernel_call here{context.trace, fn::udp_sk_rx_dst_set};
    if (!dst_hold_safe(*dst)) return;
    context.trace.reason([] { return std::string{"sk_rx_dst is now this packet's dst"}; });
    auto* old = sk.sk_rx_dst;
    sk.sk_rx_dst = dst;
    dst_release(context, old);
}

// ipv4_pktinfo_prepare(): nobody asked for IP_PKTINFO; the datagram's dst is not needed any more.
void ipv4_pktinfo_prepare(receive_context& context, sk_buff& skb) {
    kernel_call here{context.trace, fn::ipv4_pktinfo_prepare};
    if (skb_dst(skb) != nullptr && !skb_dst_is_noref(skb)) here.took(path::ipv4_pktinfo_prepare::dst_released);
    skb_dst_drop(context, skb);
}

drop_reason __udp_enqueue_schedule_skb(receive_context& context, udp_sock& sk, sk_buff& skb) {
    using namespace path::__udp_enqueue_schedule_skb;
    kernel_call here{context.trace, fn::__udp_enqueue_schedule_skb};
    const bool full = sk.sk_rmem_alloc + skb.truesize > sk.sk_rcvbuf;
    if (full && sk.sk_rmem_alloc > sk.sk_rcvbuf) {
        here.took(over_limit);
        ++sk.sk_drops;
        return drop_reason::SOCKET_RCVBUFF;
    }
    if (sk.sk_rmem_alloc > sk.sk_rcvbuf / 2) here.took(half_full);
    context.trace.leaf(fn::_raw_spin_lock);
    if (static_cast<std::int32_t>(skb.truesize) > sk.sk_forward_alloc) here.took(memory_scheduled);
    sk_rmem_schedule(context, sk, skb.truesize);
    sk_mem_charge(sk, skb.truesize);
    skb.queued = true;
    sk.sk_receive_queue.push_back({{}, {}, skb.len, skb.truesize, 0, 0, skb.number, skb.arrival});
    context.trace.leaf(fn::_raw_spin_unlock);
    sock_def_readable(context, sk);
    return drop_reason::NOT_DROPPED_YET;
}

void udp_queue_rcv_one_skb(receive_context& context, udp_sock& sk, sk_buff& skb) {
    using namespace path::udp_queue_rcv_one_skb;
    kernel_call here{context.trace, fn::udp_queue_rcv_one_skb};
    xfrm4_policy_check(context, &sk);
    if (!sk_filter_trim_cap(context, sk)) {
        here.took(filtered);
        ++sk.sk_drops;
        return tcp_drop_reason(context, skb, drop_reason::SOCKET_FILTER, fn::udp_queue_rcv_one_skb);
    }
    context.trace.leaf(fn::skb_pull_rcsum);
    skb.pull(udp_header_view::size);
    ipv4_pktinfo_prepare(context, skb);
    if (!sk.skc_daddr.is_unspecified()) {
        here.took(connected);
        if (!std::exchange(sk.incoming_cpu_noted, true)) here.took(first_packet);
    }
    const auto reason = __udp_enqueue_schedule_skb(context, sk, skb);
    if (reason == drop_reason::NOT_DROPPED_YET) return;
    here.took(not_queued);
    tcp_drop_reason(context, skb, reason, fn::udp_queue_rcv_one_skb);
}

void udp_unicast_rcv_skb(receive_context& context, udp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::udp_unicast_rcv_skb};
    kernel_call queue{context.trace, fn::udp_queue_rcv_skb};
    udp_queue_rcv_one_skb(context, sk, skb);
}

using namespace path::__udp4_lib_rcv;

void discard(receive_context& context, sk_buff& skb, drop_reason reason) {
    tcp_drop_reason(context, skb, reason, fn::__udp4_lib_rcv);
}

// The lengths and, for a checksum that nobody verified, what is summed at once. False: the datagram was dropped.
bool validate(receive_context& context, kernel_call& here, sk_buff& skb) {
    if (!skb.pskb_may_pull(udp_header_view::size)) {
        here.took(header_missing);
        discard(context, skb, drop_reason::NOT_SPECIFIED);
        return false;
    }
    const auto udp = skb.udp_hdr();
    if (udp.len() > skb.len || udp.len() < udp_header_view::size) {
        here.took(short_packet);
        discard(context, skb, drop_reason::PKT_TOO_SMALL);
        return false;
    }
    if (udp.len() < skb.len) here.took(trimmed);
    skb.trim(udp.len());
    skb.csum_valid = udp.check() == 0;
    if (udp.check() == 0) here.took(no_checksum);
    if (skb_csum_unnecessary(skb)) return true;
    here.took(checksum_unverified);
    if (skb.len > checksum_break || __skb_checksum_complete(context, skb)) return true;
    here.took(checksum_wrong);
    discard(context, skb, drop_reason::UDP_CSUM);
    return false;
}

void no_socket(receive_context& context, kernel_call& here, sk_buff& skb) {
    here.took(path::__udp4_lib_rcv::no_socket);
    xfrm4_policy_check(context, nullptr);
    if (transport_checksum_wrong(context, skb)) {
        here.took(checksum_wrong);
        return discard(context, skb, drop_reason::UDP_CSUM);
    }
    const auto ip = skb.ip_hdr();
    const auto udp = skb.udp_hdr();
    context.trace.leaf(fn::__icmp_send);
    context.sent.push_back({sent_kind::icmp_error, {ip.daddr(), udp.dest()}, {ip.saddr(), udp.source()}, {}, {}});
    discard(context, skb, drop_reason::NO_SOCKET);
}

bool for_several_hosts(const sk_buff& skb) {
    const auto* route = skb_rtable(skb);
    return route != nullptr && (route->rt_flags & (rtcf_broadcast | rtcf_multicast)) != 0;
}

void found_by_early_demux(receive_context& context, kernel_call& here, udp_sock& sk, sk_buff& skb) {
    here.took(early_demux_socket);
    skb.sk = nullptr;
    skb.destructor = nullptr;
    if (auto* dst = skb_dst(skb); dst != nullptr && sk.sk_rx_dst != dst) {
        here.took(rx_dst_changed);
        udp_sk_rx_dst_set(context, sk, dst);
    }
    udp_unicast_rcv_skb(context, sk, skb);
}

void __udp4_lib_rcv(receive_context& context, inet_sockets& sockets, sk_buff& skb) {
    kernel_call here{context.trace, fn::__udp4_lib_rcv};
    if (!validate(context, here, skb)) return;
    if (skb.sk != nullptr) return found_by_early_demux(context, here, udp_sk(*skb.sk), skb);
    if (for_several_hosts(skb)) {
        here.took(several_hosts);
        context.trace.leaf(fn::sk_skb_reason_drop);
        context.drop(skb.number, drop_reason::NOT_SPECIFIED, fn::__udp4_lib_rcv);
        return skb_release_head_state(skb);
    }
    here.took(looked_up);
    const auto ip = skb.ip_hdr();
    const auto udp = skb.udp_hdr();
    auto* sk = __udp4_lib_lookup(context, sockets, ip.saddr(), udp.source(), ip.daddr(), udp.dest(), skb.skb_iif,
                                 inet_sdif(skb));
    if (sk == nullptr) return no_socket(context, here, skb);
    udp_unicast_rcv_skb(context, *sk, skb);
}

}  // namespace

void udp_rcv(receive_context& context, inet_sockets& sockets, sk_buff& skb) {
    kernel_call here{context.trace, fn::udp_rcv};
    __udp4_lib_rcv(context, sockets, skb);
}

udp_sock* __udp4_lib_lookup(receive_context& context, inet_sockets& sockets, ipv4_address saddr, port_number sport,
                            ipv4_address daddr, port_number dport, int dif, int sdif) {
    using namespace path::__udp4_lib_lookup;
    kernel_call here{context.trace, fn::__udp4_lib_lookup};
    auto* result = udp4_lib_lookup2(context, sockets, {saddr, sport, daddr, dport}, dif, sdif);
    if (result != nullptr) {
        if (result->skc_state != TCP_ESTABLISHED) here.took(unconnected);
        return result;
    }
    here.took(any_address);
    result = udp4_lib_lookup2(context, sockets, {saddr, sport, ipv4_address{}, dport}, dif, sdif);
    if (result == nullptr)
        here.took(entry_of_port, static_cast<std::uint32_t>(sockets.udp_table().count_on_port(dport)));
    context.trace.reason([&] {
        return result != nullptr ? std::string{"bound to any address"}
                                 : fmt::format("nobody receives on port {}", dport.value);
    });
    return result;
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

void udp_release_all(udp_sock& sk) {
    const auto threshold = sk.sk_rcvbuf / 4;
    auto left = sk.sk_receive_queue.size();
    for (const auto& datagram : sk.sk_receive_queue) {
        sk.forward_deficit += datagram.truesize;
        if (--left > 0 && sk.forward_deficit < threshold) continue;
        const auto size = static_cast<std::int32_t>(sk.forward_deficit);
        const auto pages = (size + sk.sk_forward_alloc - 1) / page_size * page_size;
        sk.sk_forward_alloc += size - pages;
        sk.sk_rmem_alloc -= sk.forward_deficit;
        sk.forward_deficit = 0;
    }
    sk.sk_receive_queue.clear();
}

}  // namespace rxpath
