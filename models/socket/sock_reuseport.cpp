#include "models/socket/sock_reuseport.h"

#include <algorithm>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/socket.h"

namespace rxpath {

tcp_sock& reuseport_select_sock(receive_context& context, const sock_reuseport& group, std::uint32_t hash) {
    kernel_call here{context.trace, fn::reuseport_select_sock};
    context.trace.leaf(fn::__rcu_read_lock);
    auto* chosen = group.socks[reciprocal_scale(hash, static_cast<std::uint32_t>(group.socks.size()))];
    context.trace.leaf(fn::__rcu_read_unlock);
    return *chosen;
}

void reuseport_detach_sock(sock_reuseport& group, const tcp_sock& sk) {
    const auto found = std::find(group.socks.begin(), group.socks.end(), &sk);
    if (found == group.socks.end()) return;
    *found = group.socks.back();
    group.socks.pop_back();
}

}  // namespace rxpath
