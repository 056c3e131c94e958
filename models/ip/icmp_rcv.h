// icmp_rcv() (net/ipv4/icmp.c): what becomes of an ICMP message. Echo and timestamp requests are answered, errors are
// told to the sockets they concern (icmp_socket_deliver.h). Left out: ping sockets, extended echo (off by default).
#pragma once

#include "models/ip/network_namespace.h"

namespace rxpath {

void icmp_rcv(receive_context& context, network_namespace& net, sk_buff& skb);

}  // namespace rxpath
