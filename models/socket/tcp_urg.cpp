#include "models/socket/tcp_urg.h"

#include <fmt/format.h>

#include "models/base/kernel_functions/socket.h"
#include "models/socket/inet_sockets.h"
#include "models/socket/tcp_input.h"

namespace rxpath {

namespace {

using namespace path::tcp_urg;

// tcp_check_urg(): where the urgent byte is, unless it is old news.
void tcp_check_urg(receive_context& context, kernel_call& here, tcp_sock& sk, const sk_buff& skb) {
    const auto tcp = skb.tcp_hdr();
    std::uint32_t pointer = tcp.urg_ptr();
    here.took(urgent_flag);
    if (pointer != 0) {
        here.took(pointer_set);
        if (sk.skc_sockets->sysctls().tcp_stdurg == 0) --pointer;  // the byte before the one pointed at
    }
    const auto seq = tcp.seq() + pointer;
    if (after(sk.copied_seq, seq)) return;
    here.took(pointer_not_read);
    if (before(seq, sk.rcv_nxt)) return;
    here.took(pointer_not_received);
    if (sk.urg_data != urgent_data::none) {
        here.took(pointer_compared);
        if (!after(seq, sk.urg_seq)) return;
    }
    here.took(pointer_taken);
    context.trace.leaf(fn::sk_send_sigurg);
    context.trace.reason([&] { return fmt::format("the urgent byte is at sequence {}", seq.value); });
    sk.urg_data = urgent_data::expected;
    sk.urg_seq = seq;
    sk.pred_flags = 0;
}

}  // namespace

void tcp_urg(receive_context& context, tcp_sock& sk, const sk_buff& skb) {
    kernel_call here{context.trace, fn::tcp_urg};
    const auto tcp = skb.tcp_hdr();
    if (tcp.urg()) tcp_check_urg(context, here, sk, skb);
    if (sk.urg_data != urgent_data::expected) return;
    here.took(byte_looked_for);
    const std::uint32_t offset = sk.urg_seq - tcp.seq() + tcp.doff() * 4u - tcp.syn();
    if (offset >= skb.len) return;
    here.took(byte_received);
    sk.urg_data = urgent_data::received;
    if (!sk.sk_dead) sock_def_readable(context, sk);
}

void tcp_urgent_data_read(tcp_sock& sk) {
    if (sk.urg_data == urgent_data::none || !after(sk.copied_seq, sk.urg_seq)) return;
    sk.urg_data = urgent_data::none;
    tcp_fast_path_check(sk);
}

}  // namespace rxpath
