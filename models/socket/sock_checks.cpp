#include "models/socket/sock_checks.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"
#include "models/socket/tcp_sock.h"

namespace rxpath {

namespace {

void security_sock_rcv_skb(receive_context& context) {
    kernel_call here{context.trace, fn::security_sock_rcv_skb};
    context.trace.leaf(fn::apparmor_socket_sock_rcv_skb);
    context.trace.leaf(fn::bpf_lsm_socket_sock_rcv_skb);
}

// Walks the options in search of signatures, as long as the smallest of them still fits. False when one is malformed.
bool tcp_do_parse_auth_options(receive_context& context, const sk_buff& skb) {
    using namespace path::tcp_do_parse_auth_options;
    constexpr std::uint32_t tcpolen_md5sig = 18;
    kernel_call here{context.trace, fn::tcp_do_parse_auth_options};
    const auto bytes = skb.linear_bytes();
    std::uint32_t at = skb.transport_header + tcp_header_view::size;
    const std::uint32_t end = skb.transport_header + skb.tcp_hdr().doff() * 4u;
    while (at + tcpolen_md5sig <= end) {
        const auto kind = bytes.data[at];
        const std::uint32_t length = kind <= 1 ? 1 : bytes.data[at + 1];
        if (kind > 1 && (length < 2 || at + length > end)) {
            here.took(malformed);
            return false;
        }
        here.took(kind == 0 ? end_of_options : kind == 1 ? no_operation : option);
        if (kind == 0) return true;
        at += length;
    }
    return true;
}

}  // namespace

bool xfrm4_policy_check(receive_context& context, const sock* sk) {
    kernel_call here{context.trace, fn::__xfrm_policy_check2};
    if (sk != nullptr) here.took(path::__xfrm_policy_check2::socket_policy);
    return true;
}

drop_reason tcp_inbound_hash(receive_context& context, const sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_inbound_hash};
    if (tcp_do_parse_auth_options(context, skb)) return drop_reason::NOT_DROPPED_YET;
    here.took(path::tcp_inbound_hash::options_malformed);
    return drop_reason::TCP_AUTH_HDR;
}

bool sk_filter_trim_cap(receive_context& context, const sock& sk) {
    kernel_call here{context.trace, fn::sk_filter_trim_cap};
    security_sock_rcv_skb(context);
    context.trace.leaf(fn::__rcu_read_lock);
    if (sk.sk_has_filter) here.took(path::sk_filter_trim_cap::filter_run);
    context.trace.leaf(fn::__rcu_read_unlock);
    return !sk.sk_has_filter;
}

}  // namespace rxpath
