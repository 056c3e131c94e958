// The accounting of a socket's receive memory (net/core/sock.c, include/net/sock.h): memory is reserved in pages
// (sk_forward_alloc), charged by truesize when a packet is queued, and given back when it is read.
#pragma once

#include "models/socket/sock.h"

namespace rxpath {

constexpr std::int32_t page_size = 4096;

// Reserves pages for `size` bytes more. The model's host is never short of memory: true.
bool __sk_mem_schedule(receive_context& context, sock& sk, std::int32_t size);
// sk_rmem_schedule(): reserves what is missing for `size` bytes.
bool sk_rmem_schedule(receive_context& context, sock& sk, std::uint32_t size);
// skb_set_owner_r(): the packet's truesize is charged.
void sk_mem_charge(sock& sk, std::uint32_t truesize);
// sock_rfree(): it is given back, whole pages to the system.
void sk_mem_uncharge(sock& sk, std::uint32_t truesize);

}  // namespace rxpath
