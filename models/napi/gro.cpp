#include "models/napi/gro.h"

#include "models/base/checksum.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/napi.h"

namespace rxpath {

namespace {

// skb_gro_checksum_validate() when nobody verified the checksum yet. `size` bytes from the transport header on are
// summed; the sum must come out right.
bool __skb_gro_checksum_complete(receive_context& context, const sk_buff& skb, std::uint8_t protocol) {
    kernel_call here{context.trace, fn::__skb_gro_checksum_complete};
    kernel_call checksum{context.trace, fn::skb_checksum};
    const auto offset = skb.transport_header;
    const auto size = skb.len - offset;
    const auto sum = __skb_checksum(context, skb, offset, size);
    const auto header = skb.ip_hdr();
    const bool valid = csum_fold(csum_tcpudp_nofold(header.saddr(), header.daddr(), size, protocol) + sum) == 0xffff;
    if (valid) here.took(path::__skb_gro_checksum_complete::valid);
    return valid;
}

// tcp_gro_pull_header(): false when the header is bad.
bool tcp_gro_pull_header(receive_context& context, sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_gro_pull_header};
    if (!skb.pskb_may_pull(skb.transport_offset() + tcp_header_view::size)) {
        here.took(path::tcp_gro_pull_header::header_missing);
        return false;
    }
    const std::uint32_t header = skb.tcp_hdr().doff() * 4u;
    if (header < tcp_header_view::size) {
        here.took(path::tcp_gro_pull_header::doff_too_small);
        return false;
    }
    if (!skb.pskb_may_pull(skb.transport_offset() + header)) {
        here.took(path::tcp_gro_pull_header::doff_too_long);
        return false;
    }
    return true;
}

// tcp_gro_receive() of a packet that joins no other: true when it must not be held (no payload, or a flag that ends a
// burst).
bool tcp_gro_receive(receive_context& context, const sk_buff& skb) {
    context.trace.leaf(fn::tcp_gro_receive);
    const auto tcp = skb.tcp_hdr();
    const std::uint32_t payload = skb.len - skb.transport_header - tcp.doff() * 4u;
    return payload < 1 || tcp.urg() || tcp.psh() || tcp.rst() || tcp.syn() || tcp.fin();
}

// tcp4_gro_receive(): true when the packet must go up at once.
bool tcp4_gro_receive(receive_context& context, sk_buff& skb, bool flush) {
    using namespace path::tcp4_gro_receive;
    kernel_call here{context.trace, fn::tcp4_gro_receive};
    if (!flush && skb.ip_summed == ip_summed_state::unnecessary) {
        here.took(checksum_known);
    } else if (!flush) {
        here.took(checksum_computed);
        if (!__skb_gro_checksum_complete(context, skb, ipproto_tcp)) {
            here.took(checksum_wrong);
            return true;
        }
        skb.ip_summed = ip_summed_state::unnecessary;
    }
    if (!tcp_gro_pull_header(context, skb)) {
        here.took(header_refused);
        return true;
    }
    return tcp_gro_receive(context, skb) || flush;
}

// udp4_gro_receive(): datagrams are never held, no socket asks for UDP GRO.
void udp4_gro_receive(receive_context& context, sk_buff& skb, bool flush) {
    using namespace path::udp4_gro_receive;
    kernel_call here{context.trace, fn::udp4_gro_receive};
    if (!skb.pskb_may_pull(skb.transport_offset() + udp_header_view::size)) return here.took(header_missing);
    if (flush) here.took(flush_decided);
    if (!flush && skb.ip_summed != ip_summed_state::unnecessary && skb.udp_hdr().check() != 0) {
        here.took(checksum_computed);
        if (!__skb_gro_checksum_complete(context, skb, ipproto_udp)) {
            here.took(checksum_wrong);
            return;
        }
        skb.ip_summed = ip_summed_state::unnecessary;
    }
    context.trace.leaf(fn::udp_gro_receive);
}

// The checks of inet_gro_receive() before a protocol is asked; false when the packet goes up as it is.
bool header_allows_gro(kernel_call& here, sk_buff& skb) {
    using namespace path::inet_gro_receive;
    if (!skb.pskb_may_pull(ipv4_header_view::size)) return here.took(no_header), false;
    const auto header = skb.ip_hdr();
    if (header.protocol() != ipproto_tcp && header.protocol() != ipproto_udp) return here.took(no_callback), false;
    if (header.bytes()[0] != 0x45) return here.took(has_options), false;
    if (header.is_fragment()) return here.took(fragment), false;
    here.took(header_summed);
    return csum_fold(internet_sum(header.bytes(), ipv4_header_view::size)) == 0xffff;
}

// inet_gro_receive(): true when the packet must go up at once.
bool inet_gro_receive(receive_context& context, sk_buff& skb) {
    using namespace path::inet_gro_receive;
    kernel_call here{context.trace, fn::inet_gro_receive};
    if (!header_allows_gro(here, skb)) return true;
    here.took(valid);
    const auto header = skb.ip_hdr();
    skb.transport_header = ipv4_header_view::size;
    const bool flush = header.tot_len() != skb.len || (header.frag_off() & ~ipv4_header_view::ip_df) != 0;
    if (header.protocol() == ipproto_tcp) return tcp4_gro_receive(context, skb, flush);
    here.took(indirect_callback);
    udp4_gro_receive(context, skb, flush);
    return true;
}

}  // namespace

gro_result dev_gro_receive(receive_context& context, sk_buff& skb) {
    using namespace path::dev_gro_receive;
    kernel_call here{context.trace, fn::dev_gro_receive};
    if (skb.ip_summed == ip_summed_state::unnecessary) here.took(checksum_unnecessary);
    context.trace.leaf(fn::__rcu_read_lock);
    const bool flush = inet_gro_receive(context, skb);
    context.trace.leaf(fn::__rcu_read_unlock);
    if (flush) return gro_result::normal;
    here.took(held);
    context.trace.leaf(fn::__list_add_valid_or_report);
    return gro_result::held;
}

}  // namespace rxpath
