#include "models/socket/tcp_receive_queue.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/sock_memory.h"
#include "models/socket/tcp_ofo_queue.h"

namespace rxpath {

namespace {

// MAX_SKB_FRAGS: page fragments of an sk_buff.
constexpr std::uint8_t max_skb_frags = 17;
// SKB_DATA_ALIGN() of struct sk_buff and of struct skb_shared_info, and what the driver keeps in front: bytes.
constexpr std::uint32_t sk_buff_truesize = 256, shared_info_truesize = 320, driver_headroom = 64 + 14;

// skb_tailroom(): bytes left behind the packet in its buffer. Nothing fits behind pages.
std::uint8_t tailroom_of(const sk_buff& skb) {
    if (!skb.frags.empty()) return 0;
    const std::uint32_t headers = skb.transport_header + skb.tcp_hdr().doff() * 4u;
    const std::int64_t left =
        std::int64_t{skb.truesize} - sk_buff_truesize - shared_info_truesize - driver_headroom - headers - skb.len;
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(left, 0, 63));
}

}  // namespace

received_packet packet_of(sk_buff& skb) {
    const auto& cb = skb.tcp_cb;
    skb.queued = skb.len > 0;  // a bare FIN is nothing to read
    received_packet packet;
    packet.seq = cb.seq;
    packet.end_seq = cb.end_seq;
    packet.bytes = skb.len;
    packet.truesize = skb.truesize;
    packet.tcp_flags = cb.tcp_flags;
    packet.tailroom = tailroom_of(skb);
    packet.fragments = static_cast<std::uint8_t>(skb.frags.size());
    packet.head_locked = !skb.frags.empty();
    packet.number = skb.number;
    packet.arrival = skb.arrival;
    return packet;
}

bool tcp_try_coalesce(receive_context& context, const received_packet& tail, received_packet& packet) {
    context.trace.leaf(fn::tcp_try_coalesce);
    if (packet.seq != tail.end_seq) return false;
    if (packet.fragments == 0 && packet.bytes <= tail.tailroom) {
        packet.tailroom = static_cast<std::uint8_t>(tail.tailroom - packet.bytes);
        packet.fragments = tail.fragments;
        packet.truesize = 0;
    } else {
        if (tail.fragments + packet.fragments >= max_skb_frags || packet.head_locked) return false;
        packet.fragments = static_cast<std::uint8_t>(tail.fragments + packet.fragments + 1);
        packet.tailroom = 0;
        packet.truesize -= std::min(packet.truesize, sk_buff_truesize);
    }
    packet.merged = true;
    return true;
}

void append_received(tcp_sock& sk, received_packet packet) {
    const auto overlap = sk.rcv_nxt - packet.seq;
    packet.bytes -= std::min(packet.bytes, overlap);
    sk.rcv_nxt = packet.end_seq;
    sk.sk_receive_queue.push_back(packet);
}

bool tcp_queue_rcv(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_queue_rcv};
    auto packet = packet_of(skb);
    const auto& queue = sk.sk_receive_queue;
    const bool eaten = !queue.empty() && tcp_try_coalesce(context, queue.back(), packet);
    if (eaten)
        here.took(path::tcp_queue_rcv::merged);
    else if (!queue.empty())
        here.took(path::tcp_queue_rcv::not_merged);
    sk_mem_charge(sk, packet.truesize);
    append_received(sk, packet);
    return eaten;
}

void kfree_skb_partial(receive_context& context) {
    context.trace.leaf(fn::kfree_skb_partial);
    context.trace.leaf(fn::kmem_cache_free);
}

namespace {

using namespace path::tcp_try_rmem_schedule;

// tcp_clamp_window(): the limit becomes what is queued, until it has reached the largest allowed.
void tcp_clamp_window(tcp_sock& sk) {
    const auto largest = static_cast<std::uint32_t>(sk.skc_sockets->sysctls().tcp_rmem_max);
    sk.icsk_ack.quick = 0;
    if (sk.sk_rcvbuf < largest) sk.sk_rcvbuf = std::min(sk.sk_rmem_alloc, largest);
    if (sk.sk_rmem_alloc > sk.sk_rcvbuf) sk.rcv_ssthresh = std::min(sk.window_clamp, 2 * sk.advmss);
}

// tcp_prune_queue(): true when the socket is within its limit again.
bool tcp_prune_queue(receive_context& context, kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    here.took(limit_raised);
    tcp_clamp_window(sk);
    context.trace.reason([&] {
        return fmt::format("{} bytes of memory are queued, the limit (sk_rcvbuf) is {} now", sk.sk_rmem_alloc,
                           sk.sk_rcvbuf);
    });
    if (sk.sk_rmem_alloc <= sk.sk_rcvbuf) return true;
    here.took(over_limit);
    tcp_prune_ofo_queue(context, sk, skb);
    if (sk.sk_rmem_alloc <= sk.sk_rcvbuf) return true;
    sk.pred_flags = 0;
    return false;
}

}  // namespace

bool tcp_try_rmem_schedule(receive_context& context, tcp_sock& sk, const sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_try_rmem_schedule};
    if (sk.sk_rmem_alloc > sk.sk_rcvbuf && !tcp_prune_queue(context, here, sk, skb)) return false;
    if (static_cast<std::int32_t>(skb.truesize) > sk.sk_forward_alloc) here.took(scheduled);
    return sk_rmem_schedule(context, sk, skb.truesize);
}

}  // namespace rxpath
