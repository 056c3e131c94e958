// GRO: napi_gro_receive() and below (net/core/gro.c, net/ipv4/{af_inet,tcp_offload,udp_offload}.c).
//
// Modelled: which packets pass up at once and which are held to the end of the poll, and the checksum that GRO
// verifies. Left out: merging. A held packet goes up by itself, also when the next of its flow arrives in the same
// poll.
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

enum class gro_result : std::uint8_t { normal, held };

// dev_gro_receive(): what becomes of the packet. Sets the transport header and, when GRO verified it, ip_summed.
gro_result dev_gro_receive(receive_context& context, sk_buff& skb);

}  // namespace rxpath
