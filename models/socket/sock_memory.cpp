#include "models/socket/sock_memory.h"

#include "models/base/kernel_functions/socket.h"

namespace rxpath {

namespace {

void __sk_mem_raise_allocated(receive_context& context, const sock& sk) {
    kernel_call here{context.trace, fn::__sk_mem_raise_allocated};
    kernel_call pressure{context.trace, fn::sk_leave_memory_pressure};
    if (sk.skc_protocol == ipproto_udp) pressure.took(path::sk_leave_memory_pressure::udp);
}

}  // namespace

bool __sk_mem_schedule(receive_context& context, sock& sk, std::int32_t size) {
    kernel_call here{context.trace, fn::__sk_mem_schedule};
    sk.sk_forward_alloc += (size + page_size - 1) / page_size * page_size;
    __sk_mem_raise_allocated(context, sk);
    return true;
}

bool sk_rmem_schedule(receive_context& context, sock& sk, std::uint32_t size) {
    const auto missing = static_cast<std::int32_t>(size) - sk.sk_forward_alloc;
    return missing <= 0 || __sk_mem_schedule(context, sk, missing);
}

void sk_mem_charge(sock& sk, std::uint32_t truesize) {
    sk.sk_rmem_alloc += truesize;
    sk.sk_forward_alloc -= static_cast<std::int32_t>(truesize);
}

void sk_mem_uncharge(sock& sk, std::uint32_t truesize) {
    sk.sk_rmem_alloc -= truesize;
    sk.sk_forward_alloc += static_cast<std::int32_t>(truesize);
    if (sk.sk_forward_alloc >= page_size) sk.sk_forward_alloc %= page_size;
}

}  // namespace rxpath
