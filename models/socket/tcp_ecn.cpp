#include "models/socket/tcp_ecn.h"

#include "models/base/kernel_functions/socket.h"
#include "models/socket/tcp_input.h"

namespace rxpath {

namespace {

using namespace path::__tcp_ecn_check_ce;

// The two bits of the IP header (INET_ECN_*).
constexpr std::uint8_t inet_ecn_not_ect = 0, inet_ecn_ce = 3, inet_ecn_mask = 3;
// After a mark the sender may have little in flight: a few ACKs go out at once.
constexpr std::uint32_t quick_acks = 2;

std::uint8_t ecn_of(const sk_buff& skb) { return skb.ip_hdr().tos() & inet_ecn_mask; }

void answer_quickly(kernel_call& here, tcp_sock& sk) {
    if (!tcp_enter_quickack_mode(sk, quick_acks)) here.took(quick_acks_left);
}

void __tcp_ecn_check_ce(receive_context& context, tcp_sock& sk, std::uint8_t ecn) {
    kernel_call here{context.trace, fn::__tcp_ecn_check_ce};
    if (ecn == inet_ecn_not_ect) {
        here.took(not_ect);
        if ((sk.ecn_flags & tcp_ecn_seen) == 0) return;
        here.took(ect_before);  // retransmissions are not marked
        return answer_quickly(here, sk);
    }
    if (ecn == inet_ecn_ce) {
        here.took(ce);
        if ((sk.ecn_flags & tcp_ecn_demand_cwr) == 0) {
            here.took(first_ce);
            answer_quickly(here, sk);
            sk.ecn_flags |= tcp_ecn_demand_cwr;
        }
    }
    sk.ecn_flags |= tcp_ecn_seen;
}

}  // namespace

// A SYN is not marked itself, unless reserved bits say that its sender means something newer (RFC 8311, 4.3).
bool tcp_ecn_create_request(const sysctl_ipv4& sysctls, const sk_buff& syn) {
    const auto tcp = syn.tcp_hdr();
    constexpr std::uint8_t asked = tcphdr_ece | tcphdr_cwr;
    if (sysctls.tcp_ecn == 0 || (tcp.flags() & asked) != asked) return false;
    return ecn_of(syn) == inet_ecn_not_ect || tcp.res1() != 0;
}

bool tcp_ecn_check_ce(receive_context& context, tcp_sock& sk, const sk_buff& skb) {
    if ((sk.ecn_flags & tcp_ecn_ok) == 0) return false;
    __tcp_ecn_check_ce(context, sk, ecn_of(skb));
    return true;
}

}  // namespace rxpath
