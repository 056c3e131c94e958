// What the input route asks of the tables: a lookup over all of them, and whether a packet's source may have come in
// here (net/ipv4/fib_frontend.c, include/net/ip_fib.h).
#pragma once

#include "models/routing/fib_table.h"
#include "models/routing/flow.h"

namespace rxpath {

class ipv4_routing;

// IN_DEV_*: a setting of net.ipv4.conf.all and one of net.ipv4.conf.<device>, combined as the kernel does.
constexpr bool in_dev_orconf(int all, int device) { return all != 0 || device != 0; }
constexpr int in_dev_maxconf(int all, int device) { return all > device ? all : device; }

// The table with this id, or nothing.
fib_table* fib_get_table(receive_context& context, ipv4_routing& routing, std::uint32_t id);

// What the source check asks about a packet.
struct source_question {
    ipv4_address src;  // the packet's source
    ipv4_address dst;  // its destination; 0 for a broadcast
    std::uint8_t tos = 0;
    int oif = 0;  // where it would leave; 0: it does not
    std::uint32_t mark = 0;
    const sk_buff* skb = nullptr;  // for rules that ask for its ports
};

// May a packet from question.src come in through `dev`? Negative: no (-EINVAL a martian, -EXDEV rp_filter). 0: yes.
// 1: yes, and its sender is a direct neighbour there.
int fib_validate_source(receive_context& context, ipv4_routing& routing, const source_question& question,
                        net_device& dev);

// The full check: looks the source up as if it were a destination. rpf: 0 none, 1 strict, 2 loose.
int __fib_validate_source(receive_context& context, ipv4_routing& routing, const source_question& question,
                          net_device& dev, int rpf);

// Is the address one of this host's?
bool inet_lookup_ifaddr_rcu(receive_context& context, const ipv4_routing& routing, ipv4_address address);

// make_kuid(): the flow's UID, which costs and decides nothing here.
void record_make_kuid(receive_context& context);

}  // namespace rxpath
