#include "models/socket/tcp_ipv4.h"

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/routing/rt_cache.h"
#include "models/socket/skb_checksum_complete.h"
#include "models/socket/skb_free.h"
#include "models/socket/syncookies.h"
#include "models/socket/tcp_input.h"
#include "models/socket/tcp_minisocks.h"
#include "models/socket/tcp_output.h"

namespace rxpath {

namespace {

// Drops the cached dst that does not hold for this packet any more, so that the packet's own takes its place.
void check_rx_dst(receive_context& context, kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    using namespace path::tcp_v4_do_rcv;
    auto* dst = sk.sk_rx_dst;
    if (dst == nullptr) return;
    here.took(rx_dst_set);
    const bool came_as_learnt = sk.sk_rx_dst_ifindex == skb.skb_iif;
    if (came_as_learnt) {
        here.took(rx_dst_checked);
        if (dst_check(context, *dst, 0) != nullptr) return;
    }
    here.took(rx_dst_reset);
    context.trace.reason([&] {
        if (came_as_learnt) return "the socket gives sk_rx_dst up: " + why_obsolete(*dst);
        return fmt::format("the socket gives sk_rx_dst up: learnt on interface {}, this packet came on {}",
                           sk.sk_rx_dst_ifindex, skb.skb_iif);
    });
    sk.sk_rx_dst = nullptr;
    dst_release(context, dst);
}

}  // namespace

namespace {

using namespace path::tcp_v4_do_rcv;

void answer(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb, drop_reason reason) {
    if (reason == drop_reason::NOT_DROPPED_YET) return;
    here.took(refused);
    tcp_v4_send_reset(context, *sk.skc_sockets, &sk, skb);
    sk_skb_reason_drop(context, skb, reason, fn::tcp_v4_do_rcv);
}

void process(receive_context& context, kernel_call& here, tcp_sock& sk, sk_buff& skb) {
    answer(context, here, sk, skb, tcp_rcv_state_process(context, sk, skb));
}

// A listener's segment that opens nothing may bring a SYN cookie back (tcp_v4_cookie_check()).
void without_syn(receive_context& context, kernel_call& here, tcp_sock& listener, sk_buff& skb) {
    here.took(cookie_checked);
    auto* sk = cookie_v4_check(context, listener, skb);
    if (sk == nullptr) return here.took(cookie_dropped);
    if (sk == &listener) return process(context, here, listener, skb);
    here.took(cookie_good);
    answer(context, here, *sk, skb, tcp_child_process(context, listener, *sk, skb));
}

}  // namespace

void tcp_v4_do_rcv(receive_context& context, tcp_sock& sk, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_v4_do_rcv};
    if (sk.skc_state == TCP_ESTABLISHED) {
        check_rx_dst(context, here, sk, skb);
        tcp_rcv_established(context, sk, skb);
        return;
    }
    here.took(not_established);
    if (transport_checksum_wrong(context, skb)) {
        here.took(path::tcp_v4_do_rcv::checksum_wrong);
        return sk_skb_reason_drop(context, skb, drop_reason::TCP_CSUM, fn::tcp_v4_do_rcv);
    }
    if (sk.skc_state == TCP_LISTEN) {
        here.took(listening);
        if (!skb.tcp_hdr().syn()) return without_syn(context, here, sk, skb);
    }
    process(context, here, sk, skb);
}

}  // namespace rxpath
