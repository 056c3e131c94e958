#include "models/ip/ip_rcv_core.h"

#include <fmt/format.h>

#include "models/base/checksum.h"
#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/ip.h"
#include "models/socket/skb_free.h"

namespace rxpath {

namespace {

using namespace path::ip_rcv_core;

struct refusal {
    step taken;
    drop_reason reason;
};

// What is wrong with the header, in the kernel's order of looking; nothing when it is good.
std::optional<refusal> check_header(kernel_call& here, sk_buff& skb) {
    if (skb.pkt_type == packet_type::otherhost) return refusal{otherhost, drop_reason::OTHERHOST};
    if (!skb.pskb_may_pull(ipv4_header_view::size)) return refusal{header_missing, drop_reason::IP_INHDR};
    const auto header = skb.ip_hdr();
    if (header.ihl() < 5) return refusal{bad_ihl, drop_reason::IP_INHDR};
    if (header.version() != 4) return refusal{bad_version, drop_reason::IP_INHDR};
    const std::uint32_t size = header.ihl() * 4u;
    if (!skb.pskb_may_pull(size)) return refusal{header_missing, drop_reason::IP_INHDR};
    if (header.ihl() > 5) here.took(option_word, header.ihl() - 5u);
    if (csum_fold(internet_sum(skb.ip_hdr().bytes(), size)) != 0xffff)
        return refusal{bad_checksum, drop_reason::IP_CSUM};
    if (skb.len < header.tot_len()) return refusal{tot_len_too_long, drop_reason::PKT_TOO_SMALL};
    if (header.tot_len() < size) return refusal{tot_len_too_short, drop_reason::IP_INHDR};
    return std::nullopt;
}

std::string what_is_wrong(const sk_buff& skb, step taken) {
    const auto ip = ipv4_header_view::at(skb.linear_bytes(), skb.network_header);
    switch (taken) {
        case otherhost:
            return "the frame is another host's (pkt_type)";
        case bad_ihl:
            return fmt::format("the header says {} words, 5 are the least", ip->ihl());
        case bad_version:
            return fmt::format("the header says version {}, not 4", ip->version());
        case bad_checksum:
            return fmt::format("the header's checksum 0x{:04x} is wrong", ip->check());
        case tot_len_too_long:
            return fmt::format("tot_len says {} bytes, {} came", ip->tot_len(), skb.len);
        case tot_len_too_short:
            return fmt::format("tot_len says {} bytes, the header alone has {}", ip->tot_len(), ip->ihl() * 4);
        default:
            return fmt::format("{} bytes do not hold the IP header", skb.len);
    }
}

// skb_orphan(): a packet from the driver is charged to its socket up to here; one that this host sent itself has a dst
// already, and no owner.
void orphan(receive_context& context, kernel_call& here, const sk_buff& skb) {
    if (skb_valid_dst(skb)) return here.took(without_owner);
    context.trace.leaf(fn::sock_wfree);
    context.trace.leaf(fn::tun_sock_write_space);
}

}  // namespace

bool ip_rcv_core(receive_context& context, sk_buff& skb) {
    kernel_call here{context.trace, fn::ip_rcv_core};
    if (const auto wrong = check_header(here, skb)) {
        here.took(wrong->taken);
        context.trace.reason([&] { return "dropped: " + what_is_wrong(skb, wrong->taken); });
        sk_skb_reason_drop(context, skb, wrong->reason, fn::ip_rcv_core);
        return false;
    }
    const auto header = skb.ip_hdr();
    if (skb.len > header.tot_len()) here.took(trimmed);
    skb.trim(header.tot_len());
    skb.transport_header = skb.network_header + header.ihl() * 4u;
    skb.ip_cb = {};
    skb.ip_cb.iif = skb.skb_iif;
    orphan(context, here, skb);
    return true;
}

}  // namespace rxpath
