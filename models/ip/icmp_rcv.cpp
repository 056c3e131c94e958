#include "models/ip/icmp_rcv.h"

#include <fmt/format.h>

#include "models/base/icmp.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/ip/icmp_socket_deliver.h"
#include "models/ip/ip_loopback.h"
#include "models/ip/simple_checksum.h"
#include "models/routing/dev_queue_xmit.h"
#include "models/routing/rtable.h"
#include "models/socket/skb_free.h"

namespace rxpath {

namespace {

constexpr auto not_dropped = drop_reason::NOT_DROPPED_YET;
constexpr std::uint32_t timestamp_size = 12;  // three timestamps, bytes

std::uint8_t type_of(const sk_buff& skb) { return skb.head[skb.transport_header]; }
std::uint8_t code_of(const sk_buff& skb) { return skb.head[skb.transport_header + 1u]; }
std::uint32_t info_of(const sk_buff& skb) { return load_be32(skb.head.data() + skb.transport_header + 4); }

// icmp_reply(): the answer comes from the address that was asked, unless that was one of several hosts'.
void icmp_reply(receive_context& context, network_namespace& net, const sk_buff& skb, std::uint8_t type,
                byte_view payload) {
    context.trace.leaf(fn::icmp_reply);
    const auto ip = skb.ip_hdr();
    const bool for_this_host = skb_rtable(skb)->rt_type == static_cast<std::uint16_t>(route_type::local);
    const auto way = net.routing.route_output(ip.saddr());
    if (!way) return;
    if (way->type != route_type::local && !dev_queue_xmit(context, *way->dev, no_received_packet)) return;
    const auto source = for_this_host ? ip.daddr() : way->source;
    sent_packet reply{};
    reply.kind = sent_kind::icmp_echo_reply;
    reply.from.address = source;
    reply.to.address = ip.saddr();
    context.sent.push_back(reply);
    loop_back_icmp(context, net, {source, ip.saddr(), ip.tos()}, {type, 0, info_of(skb)}, payload);
}

drop_reason icmp_echo_request(receive_context& context, network_namespace& net, const sk_buff& skb) {
    if (net.sysctls.icmp_echo_ignore_all == 0)
        icmp_reply(context, net, skb, icmp_echoreply, {skb.head.data() + skb.data, skb.head.size() - skb.data});
    return not_dropped;
}

drop_reason icmp_timestamp_request(receive_context& context, network_namespace& net, const sk_buff& skb) {
    if (skb.len < 4) return drop_reason::PKT_TOO_SMALL;
    constexpr std::uint8_t midnight[timestamp_size] = {};
    icmp_reply(context, net, skb, icmp_timestampreply, {midnight, timestamp_size});
    return not_dropped;
}

bool icmp_tag_validation(std::uint8_t protocol) { return protocol == ipproto_tcp; }

// The MTU of a "fragmentation needed", the pointer of a "parameter problem"; nothing when the error is not passed on.
std::optional<std::uint32_t> unreach_info(const sysctl_ipv4& sysctls, const sk_buff& skb, std::uint8_t protocol) {
    const auto type = type_of(skb), code = code_of(skb);
    if (type == icmp_parameterprob) return info_of(skb) >> 24;
    if (type == icmp_time_exceeded && code == icmp_exc_fragtime) return std::nullopt;
    if (type != icmp_dest_unreach) return 0;
    if ((code & 15) != icmp_frag_needed) return code > nr_icmp_unreach ? std::nullopt : std::optional{0u};
    const int off = sysctls.ip_no_pmtu_disc;
    if (off == 2 || (off == 3 && !icmp_tag_validation(protocol)) || code > nr_icmp_unreach) return std::nullopt;
    return off == 1 ? 0 : info_of(skb) & 0xffff;
}

drop_reason icmp_unreach(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::icmp_unreach};
    if (!skb.pskb_may_pull(ipv4_header_view::size)) return drop_reason::NOT_SPECIFIED;
    const auto inner = *ipv4_header_view::at(skb.linear_bytes(), skb.data);
    if (inner.ihl() < 5) return drop_reason::IP_INHDR;
    const auto info = unreach_info(net.sysctls, skb, inner.protocol());
    if (!info) return not_dropped;
    const bool bogus_looked_for = net.sysctls.icmp_ignore_bogus_error_responses == 0;
    if (bogus_looked_for && net.routing.address_type(context, inner.daddr()) == route_type::broadcast)
        return not_dropped;
    icmp_socket_deliver(context, net, skb, {type_of(skb), code_of(skb), *info});
    return not_dropped;
}

drop_reason icmp_redirect_message(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::icmp_redirect};
    if (!skb.pskb_may_pull(ipv4_header_view::size)) return drop_reason::PKT_TOO_SMALL;
    icmp_socket_deliver(context, net, skb, {icmp_redirect_type, code_of(skb), info_of(skb)});
    return not_dropped;
}

// No ping socket waits for it.
drop_reason ping_rcv(receive_context& context) {
    context.trace.leaf(fn::ping_rcv);
    return drop_reason::NO_SOCKET;
}

// Several hosts got this packet: few types make sense then (RFC 1122 §3.2.2.6, §3.2.2.8).
bool allowed_to_several(const sysctl_ipv4& sysctls, std::uint8_t type) {
    if (type == icmp_echo || type == icmp_timestamp) return sysctls.icmp_echo_ignore_broadcasts == 0;
    return type == icmp_address || type == icmp_addressreply;
}

// icmp_pointers[]
drop_reason handle(receive_context& context, network_namespace& net, sk_buff& skb) {
    switch (type_of(skb)) {
        case icmp_echoreply:
            return ping_rcv(context);
        case icmp_dest_unreach:
        case icmp_source_quench:
        case icmp_time_exceeded:
        case icmp_parameterprob:
            return icmp_unreach(context, net, skb);
        case icmp_redirect_type:
            return icmp_redirect_message(context, net, skb);
        case icmp_echo:
            return icmp_echo_request(context, net, skb);
        case icmp_timestamp:
            return icmp_timestamp_request(context, net, skb);
        default:
            return not_dropped;  // icmp_discard()
    }
}

// Why the message is dropped, if it is.
drop_reason receive(receive_context& context, network_namespace& net, sk_buff& skb) {
    if (simple_checksum_wrong(context, skb)) return drop_reason::ICMP_CSUM;
    if (!skb.pull(icmp_header_size)) return drop_reason::NOT_SPECIFIED;
    const auto type = type_of(skb);
    context.trace.reason([&] { return fmt::format("an ICMP message of type {} and code {}", type, code_of(skb)); });
    if (type == icmp_ext_echo) return not_dropped;  // net.ipv4.icmp_echo_enable_probe=0
    if (type == icmp_ext_echoreply) return ping_rcv(context);
    if (type > nr_icmp_types) return drop_reason::UNHANDLED_PROTO;
    const bool to_several = (skb_rtable(skb)->rt_flags & (rtcf_broadcast | rtcf_multicast)) != 0;
    if (to_several && !allowed_to_several(net.sysctls, type)) return drop_reason::INVALID_PROTO;
    return handle(context, net, skb);
}

}  // namespace

void icmp_rcv(receive_context& context, network_namespace& net, sk_buff& skb) {
    kernel_call here{context.trace, fn::icmp_rcv};
    unspecific_policy_check(context);
    const auto reason = receive(context, net, skb);
    if (reason == not_dropped) return consume_skb(context, skb);
    sk_skb_reason_drop(context, skb, reason, fn::icmp_rcv);
}

}  // namespace rxpath
