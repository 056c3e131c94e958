#include "models/ip/igmp_rcv.h"

#include "models/base/kernel_functions/ip.h"
#include "models/ip/simple_checksum.h"
#include "models/socket/skb_free.h"

namespace rxpath {

namespace {

constexpr std::uint32_t igmp_header_size = 8, igmpv3_query_size = 12;
constexpr std::uint8_t membership_query = 0x11, v1_report = 0x12, v2_report = 0x16;

// True when it is understood: a query of version 1 or 2 has 8 bytes, of version 3 at least 12; a report counts when it
// came to the group. Reports of version 3 are for routers.
bool understood(receive_context& context, sk_buff& skb) {
    if (!skb.pskb_may_pull(igmp_header_size) || simple_checksum_wrong(context, skb)) return false;
    switch (skb.head[skb.transport_header]) {
        case membership_query:
            return skb.len == igmp_header_size || skb.len >= igmpv3_query_size;
        case v1_report:
        case v2_report:
            return skb.pkt_type == packet_type::multicast || skb.pkt_type == packet_type::broadcast;
        default:
            return false;
    }
}

}  // namespace

void igmp_rcv(receive_context& context, sk_buff& skb) {
    kernel_call here{context.trace, fn::igmp_rcv};
    if (understood(context, skb)) return consume_skb(context, skb);
    sk_skb_reason_drop(context, skb, drop_reason::NOT_SPECIFIED, fn::igmp_rcv);
}

}  // namespace rxpath
