// The Internet checksum over a packet's bytes, with the work that the kernel's code for it does
// (csum_partial() in arch/x86/lib/csum-partial_64.c, __skb_checksum() in net/core/skbuff.c).
#pragma once

#include <cstdint>

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"

namespace rxpath {

// RFC 1071 sum of `size` bytes, not yet folded. An odd last byte counts as the high byte.
std::uint64_t internet_sum(const std::uint8_t* bytes, std::size_t size);
// Folds a sum to 16 bits.
std::uint16_t csum_fold(std::uint64_t sum);

// Records a csum_partial() over `size` bytes from that address of the modelled kernel on.
void record_csum_partial(receive_context& context, heap_address from, std::uint32_t size);
// The folded sum of `size` bytes from `offset` (into skb.head) on; bytes that a capture did not keep count as zero.
std::uint16_t __skb_checksum(receive_context& context, const sk_buff& skb, std::uint32_t offset, std::uint32_t size);
// The pseudo header's part of a TCP or UDP checksum (RFC 9293 §3.1).
std::uint64_t csum_tcpudp_nofold(ipv4_address saddr, ipv4_address daddr, std::uint32_t size, std::uint8_t protocol);

}  // namespace rxpath
