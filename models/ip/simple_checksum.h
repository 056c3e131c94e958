// What ICMP and IGMP begin with: the IPsec policy as the compiler shortened it there, and a checksum without pseudo
// header (skb_checksum_simple_validate(), include/linux/skbuff.h).
#pragma once

#include "models/base/checksum.h"
#include "models/base/kernel_functions/socket.h"
#include "models/base/receive_context.h"

namespace rxpath {

inline void unspecific_policy_check(receive_context& context) {
    kernel_call here{context.trace, fn::__xfrm_policy_check2};
    here.took(path::__xfrm_policy_check2::of_icmp);
}

// Sums the packet from the transport header on, unless somebody has done so; true when the checksum is wrong.
inline bool simple_checksum_wrong(receive_context& context, const sk_buff& skb) {
    if (skb.ip_summed == ip_summed_state::unnecessary) return false;
    kernel_call here{context.trace, fn::__skb_checksum_complete};
    const bool wrong = __skb_checksum(context, skb, skb.transport_header, skb.len) != 0xffff;
    if (wrong) here.took(path::__skb_checksum_complete::wrong);
    return wrong;
}

}  // namespace rxpath
