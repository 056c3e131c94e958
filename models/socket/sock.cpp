#include "models/socket/sock.h"

#include <utility>

#include <fmt/format.h>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"
#include "models/base/memory_objects.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

std::uint64_t sock::unread_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& packet : sk_receive_queue) sum += packet.bytes;
    return sum;
}

// The socket that the application holds is made together with this one.
void works_on_sock(call_trace& trace, const sock_common& sk) {
    trace.works_on_number(memory_object::sock, sk.skc_place);
    trace.works_on_number(memory_object::socket, sk.skc_place);
}

namespace {

// sk_free(): a full socket gives its dsts back.
void sk_free(receive_context& context, sock& sk) {
    kernel_call here{context.trace, fn::sk_free};
    dst_release(context, std::exchange(sk.sk_dst_cache, nullptr));
    dst_release(context, std::exchange(sk.sk_rx_dst, nullptr));
    context.trace.leaf(fn::kfree);
    context.trace.leaf(fn::kmem_cache_free);
}

}  // namespace

void sock_put(receive_context& context, sock_common& sk) {
    if (--sk.skc_refcnt > 0) return;
    if (sk_fullsock(sk)) sk_free(context, static_cast<sock&>(sk));
    sk.skc_allocator->free(sk);
}

void sock_edemux(receive_context& context, sk_buff& skb) {
    kernel_call here{context.trace, fn::sock_edemux};
    kernel_call put{context.trace, fn::sock_gen_put};
    sock_put(context, *std::exchange(skb.sk, nullptr));
}

void sock_pfree(receive_context& context, sk_buff& skb) {
    context.trace.leaf(fn::sock_pfree);
    skb.sk = nullptr;
}

void skb_release_head_state(receive_context& context, sk_buff& skb) {
    skb_dst_drop(context, skb);
    if (auto* destructor = std::exchange(skb.destructor, nullptr)) destructor(context, skb);
}

void inet_sk_rx_dst_set(receive_context& context, sock& sk, const sk_buff& skb) {
    kernel_call here{context.trace, fn::inet_sk_rx_dst_set};
    auto* dst = skb_dst(skb);
    if (dst == nullptr || !dst_hold_safe(*dst)) {
        here.took(path::inet_sk_rx_dst_set::no_dst);
        return;
    }
    sk.sk_rx_dst = dst;
    sk.sk_rx_dst_ifindex = skb.skb_iif;
    context.trace.reason(
        [&] { return fmt::format("sk_rx_dst is now this packet's dst, of interface {}", skb.skb_iif); });
}

namespace {

// Nobody can wait for a connection that no application has yet.
bool is_accepted(sock& sk) { return sk.skc_protocol != ipproto_tcp || tcp_sk(sk).parent == nullptr; }

}  // namespace

void sock_def_readable(receive_context& context, sock& sk) {
    kernel_call here{context.trace, fn::sock_def_readable};
    context.trace.leaf(fn::__rcu_read_lock);
    if (!is_accepted(sk)) here.took(path::sock_def_readable::not_accepted);
    context.woken.push_back(&sk);
    context.trace.leaf(fn::__rcu_read_unlock);
}

}  // namespace rxpath
