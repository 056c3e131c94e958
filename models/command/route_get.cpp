#include "models/command/route_get.h"

#include "models/base/store_bytes.h"
#include "models/routing/ip_route_input.h"

namespace rxpath {

namespace {

// A header with no more in it than routing looks at (inet_rtm_getroute_build_skb()).
packet build_packet(const route_question& question) {
    constexpr std::size_t ip_bytes = ipv4_header_view::size, bytes = ip_bytes + tcp_header_view::size;
    packet made;
    made.bytes.assign(bytes, 0);
    made.length = {bytes};
    auto* ip = made.bytes.data();
    ip[0] = 0x45;
    store_be16(ip + 2, bytes);
    ip[9] = question.ipproto;
    store_be32(ip + 12, question.src.value);
    store_be32(ip + 16, question.dst.value);
    store_be16(ip + ip_bytes, question.sport.value);
    store_be16(ip + ip_bytes + 2, question.dport.value);
    return made;
}

}  // namespace

route_answer route_get(receive_context& context, ipv4_routing& routing, sk_buff& skb, const route_question& question) {
    const auto asked = build_packet(question);
    skb.fill(asked, asked.length);
    skb.transport_header = ipv4_header_view::size;
    skb.dev = question.iif;
    skb.skb_iif = question.iif->ifindex;
    skb.mark = question.mark;
    route_answer answer;
    answer.error =
        ip_route_input_rcu(context, routing, skb, {question.src, question.dst, question.tos, 0, question.mark, &skb},
                           *question.iif, answer.result);
    if (answer.error != 0) return answer;
    answer.route = skb_rtable(skb);
    answer.error = -answer.route->dst.error;
    answer.redirect = (skb.ip_cb.flags & ipskb_doredirect) != 0;
    return answer;
}

}  // namespace rxpath
