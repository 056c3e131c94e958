#include "models/socket/udp.h"

#include <utility>

#include "models/base/checksum.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"
#include "models/routing/rtable.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/skb_checksum_complete.h"
#include "models/socket/skb_free.h"
#include "models/socket/sock_checks.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_ipv4.h"
#include "models/socket/udp_lookup.h"
#include "models/socket/udp_multicast.h"

namespace rxpath {

namespace {

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
    if (full) here.took(last_that_fits);
    if (sk.sk_rmem_alloc > sk.sk_rcvbuf / 2) here.took(half_full);
    if (!skb_csum_unnecessary(skb)) here.took(checksum_unverified);
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

// A checksum that is still to be verified goes on without the header's part; a sum of the whole packet loses it.
void udp_csum_pull_header(receive_context& context, kernel_call& here, sk_buff& skb) {
    using namespace path::udp_queue_rcv_one_skb;
    if (!skb_csum_unnecessary(skb)) {
        here.took(checksum_unverified);
        record_csum_partial(context, network_header_address(skb) + skb.data, udp_header_view::size);
    }
    kernel_call pull{context.trace, fn::skb_pull_rcsum};
    if (skb.ip_summed == ip_summed_state::complete) {
        pull.took(path::skb_pull_rcsum::summed);
        record_csum_partial(context, network_header_address(skb) + skb.data, udp_header_view::size);
    }
    skb.pull(udp_header_view::size);
}

void udp_queue_rcv_one_skb(receive_context& context, udp_sock& sk, sk_buff& skb) {
    using namespace path::udp_queue_rcv_one_skb;
    kernel_call here{context.trace, fn::udp_queue_rcv_one_skb};
    xfrm4_policy_check(context, &sk);
    if (!sk_filter_trim_cap(context, sk)) {
        here.took(filtered);
        ++sk.sk_drops;
        return sk_skb_reason_drop(context, skb, drop_reason::SOCKET_FILTER, fn::udp_queue_rcv_one_skb);
    }
    udp_csum_pull_header(context, here, skb);
    ipv4_pktinfo_prepare(context, skb);
    if (!sk.skc_daddr.is_unspecified()) {
        here.took(connected);
        if (!std::exchange(sk.incoming_cpu_noted, true)) here.took(first_packet);
    }
    const auto reason = __udp_enqueue_schedule_skb(context, sk, skb);
    if (reason == drop_reason::NOT_DROPPED_YET) return;
    here.took(not_queued);
    sk_skb_reason_drop(context, skb, reason, fn::udp_queue_rcv_one_skb);
}

void udp_unicast_rcv_skb(receive_context& context, udp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::udp_unicast_rcv_skb};
    udp_queue_rcv_skb(context, sk, skb);
}

using namespace path::__udp4_lib_rcv;

void discard(receive_context& context, sk_buff& skb, drop_reason reason) {
    sk_skb_reason_drop(context, skb, reason, fn::__udp4_lib_rcv);
}

bool refuse(receive_context& context, kernel_call& here, sk_buff& skb, step taken, drop_reason reason) {
    here.took(taken);
    discard(context, skb, reason);
    return false;
}

// The lengths and, for a checksum that nobody verified, what is summed at once. False: the datagram was dropped.
bool validate(receive_context& context, kernel_call& here, sk_buff& skb) {
    if (!skb.pskb_may_pull(udp_header_view::size))
        return refuse(context, here, skb, header_missing, drop_reason::NOT_SPECIFIED);
    const auto udp = skb.udp_hdr();
    if (udp.len() > skb.len) return refuse(context, here, skb, length_too_long, drop_reason::PKT_TOO_SMALL);
    if (udp.len() < udp_header_view::size)
        return refuse(context, here, skb, length_too_short, drop_reason::PKT_TOO_SMALL);
    if (udp.len() < skb.len) here.took(trimmed);
    skb.trim(udp.len());
    skb.csum_valid = udp.check() == 0;
    if (skb_csum_unnecessary(skb)) return true;
    here.took(checksum_unverified);
    if (skb.len > checksum_break) return true;
    here.took(checksum_at_once);
    if (__skb_checksum_complete(context, skb)) {
        skb.ip_summed = ip_summed_state::complete;
        return true;
    }
    return refuse(context, here, skb, checksum_wrong, drop_reason::UDP_CSUM);
}

void discard_closed(receive_context& context, kernel_call& here, sk_buff& skb) {
    here.took(completed_checksum_wrong);
    discard(context, skb, drop_reason::UDP_CSUM);
}

void no_socket(receive_context& context, kernel_call& here, inet_sockets& sockets, sk_buff& skb) {
    here.took(path::__udp4_lib_rcv::no_socket);
    xfrm4_policy_check(context, nullptr);
    if (!skb_csum_unnecessary(skb)) {
        here.took(checksum_completed);
        if (!__skb_checksum_complete(context, skb)) return discard_closed(context, here, skb);
    }
    sockets.send_port_unreachable(context, skb);
    discard(context, skb, drop_reason::NO_SOCKET);
}

bool for_several_hosts(const sk_buff& skb) {
    const auto* route = skb_rtable(skb);
    return route != nullptr && (route->rt_flags & (rtcf_broadcast | rtcf_multicast)) != 0;
}

void found_by_early_demux(receive_context& context, kernel_call& here, udp_sock& sk, sk_buff& skb) {
    here.took(early_demux_socket);
    if (sk.skc_state != TCP_ESTABLISHED) {
        here.took(stolen_unconnected);
        context.trace.leaf(fn::inet_lookup_reuseport);
    }
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
    if (skb.sk != nullptr) works_on_sock(context.trace, *skb.sk);
    if (skb.sk != nullptr) return found_by_early_demux(context, here, udp_sk(*skb.sk), skb);
    if (for_several_hosts(skb)) {
        here.took(several_hosts);
        return __udp4_lib_mcast_deliver(context, here, sockets, skb);
    }
    here.took(looked_up);
    const auto ip = skb.ip_hdr();
    const auto udp = skb.udp_hdr();
    auto* sk = __udp4_lib_lookup(context, sockets, ip.saddr(), udp.source(), ip.daddr(), udp.dest(), skb.skb_iif,
                                 inet_sdif(skb));
    if (sk == nullptr) return no_socket(context, here, sockets, skb);
    udp_unicast_rcv_skb(context, *sk, skb);
}

}  // namespace

void udp_queue_rcv_skb(receive_context& context, udp_sock& sk, sk_buff& skb) {
    works_on_sock(context.trace, sk);
    kernel_call here{context.trace, fn::udp_queue_rcv_skb};
    udp_queue_rcv_one_skb(context, sk, skb);
}

void udp_rcv(receive_context& context, inet_sockets& sockets, sk_buff& skb) {
    kernel_call here{context.trace, fn::udp_rcv};
    __udp4_lib_rcv(context, sockets, skb);
}

// Memory goes back when the queue is empty, or a quarter of the limit was read (udp_rmem_release()).
void udp_recvmsg(udp_sock& sk, std::vector<received_packet>& read) {
    auto& queue = sk.sk_receive_queue;
    read.clear();
    if (queue.empty()) return;
    read.push_back(queue.front());
    queue.erase(queue.begin());
    sk.forward_deficit += read.front().truesize;
    if (!queue.empty() && sk.forward_deficit < sk.sk_rcvbuf / 4) return;
    const auto size = static_cast<std::int32_t>(sk.forward_deficit);
    const auto pages = (size + sk.sk_forward_alloc - 1) / page_size * page_size;
    sk.sk_forward_alloc += size - pages;
    sk.sk_rmem_alloc -= sk.forward_deficit;
    sk.forward_deficit = 0;
}

void udp_destruct_common(receive_context& context, udp_sock& sk) {
    for (const auto& datagram : sk.sk_receive_queue)
        context.drop(datagram.number, drop_reason::NOT_SPECIFIED, fn::sk_free);
    sk.sk_receive_queue.clear();
}

}  // namespace rxpath
