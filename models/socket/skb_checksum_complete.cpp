#include "models/socket/skb_checksum_complete.h"

#include "models/base/checksum.h"
#include "models/base/kernel_functions/socket.h"

namespace rxpath {

bool __skb_checksum_complete(receive_context& context, sk_buff& skb) {
    kernel_call here{context.trace, fn::__skb_checksum_complete};
    const auto ip = skb.ip_hdr();
    const auto pseudo = csum_tcpudp_nofold(ip.saddr(), ip.daddr(), skb.len, ip.protocol());
    const auto sum = __skb_checksum(context, skb, skb.data, skb.len);
    skb.csum_valid = csum_fold(pseudo + sum) == 0xffff;
    if (!skb.csum_valid) here.took(path::__skb_checksum_complete::wrong);
    return skb.csum_valid;
}

bool transport_checksum_wrong(receive_context& context, sk_buff& skb) {
    return !skb_csum_unnecessary(skb) && !__skb_checksum_complete(context, skb);
}

}  // namespace rxpath
