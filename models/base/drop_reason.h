// Why the kernel gave a packet up: enum skb_drop_reason (include/net/dropreason-core.h), the reasons
// that the modelled path can give. to_string() answers the kernel's name without SKB_DROP_REASON_.
#pragma once

#include <cstdint>
#include <string_view>

namespace rxpath {

// clang-format off
#define RXPATH_DROP_REASONS(REASON)                                                                                 \
    REASON(NOT_DROPPED_YET) REASON(CONSUMED) REASON(NOT_SPECIFIED) REASON(NO_SOCKET) REASON(SOCKET_CLOSE)           \
    REASON(SOCKET_FILTER) REASON(SOCKET_RCVBUFF) REASON(PKT_TOO_SMALL) REASON(TCP_CSUM) REASON(UDP_CSUM)            \
    REASON(NETFILTER_DROP) REASON(OTHERHOST) REASON(IP_CSUM) REASON(IP_INHDR) REASON(IP_RPFILTER)                   \
    REASON(UNICAST_IN_L2_MULTICAST) REASON(XFRM_POLICY) REASON(IP_NOPROTO) REASON(PROTO_MEM)                        \
    REASON(SOCKET_BACKLOG) REASON(TCP_FLAGS) REASON(TCP_ZEROWINDOW) REASON(TCP_OLD_DATA) REASON(TCP_OVERWINDOW)     \
    REASON(TCP_OFOMERGE) REASON(TCP_RFC7323_PAWS) REASON(TCP_OLD_SEQUENCE) REASON(TCP_INVALID_SEQUENCE)             \
    REASON(TCP_INVALID_ACK_SEQUENCE) REASON(TCP_RESET) REASON(TCP_INVALID_SYN) REASON(TCP_CLOSE)                    \
    REASON(TCP_FASTOPEN) REASON(TCP_OLD_ACK) REASON(TCP_TOO_OLD_ACK) REASON(TCP_ACK_UNSENT_DATA)                    \
    REASON(TCP_OFO_QUEUE_PRUNE) REASON(TCP_OFO_DROP) REASON(IP_OUTNOROUTES) REASON(DEV_READY) REASON(NOMEM)         \
    REASON(UNHANDLED_PROTO) REASON(SKB_CSUM) REASON(HDR_TRUNC) REASON(ICMP_CSUM) REASON(TCP_MINTTL) REASON(TCP_ABORT_ON_DATA)                 \
    REASON(IP_INADDRERRORS) REASON(IP_INNOROUTES) REASON(PKT_TOO_BIG) REASON(FULL_RING) REASON(CPU_BACKLOG)    \
    REASON(QUEUE_PURGE) REASON(DUP_FRAG) REASON(FRAG_REASM_TIMEOUT) REASON(FRAG_TOO_FAR) REASON(INVALID_PROTO)      \
    REASON(QDISC_DROP) REASON(NEIGH_QUEUEFULL) REASON(NEIGH_FAILED) REASON(TCP_AUTH_HDR)
// clang-format on

enum class drop_reason : std::uint8_t {
#define RXPATH_REASON(name) name,
    RXPATH_DROP_REASONS(RXPATH_REASON)
#undef RXPATH_REASON
        count
};

constexpr std::string_view to_string(drop_reason reason) {
    constexpr std::string_view names[] = {
#define RXPATH_REASON(name) #name,
        RXPATH_DROP_REASONS(RXPATH_REASON)
#undef RXPATH_REASON
    };
    return names[static_cast<std::size_t>(reason)];
}

}  // namespace rxpath
