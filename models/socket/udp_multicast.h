// Datagrams for several hosts, to a broadcast address or a group (net/ipv4/udp.c): every socket that fits gets one.
// Left out: lists of sources that a socket allows or refuses (ip_mc_sf_allow() agrees).
#pragma once

#include "models/base/receive_context.h"
#include "models/base/sk_buff.h"
#include "models/socket/udp_table.h"

namespace rxpath {

class inet_sockets;

// __udp4_lib_mcast_deliver(), inside the __udp4_lib_rcv() that is `here`: each socket gets the datagram, the last one
// the packet itself, the others a clone. skb.data is at the UDP header.
void __udp4_lib_mcast_deliver(receive_context& context, kernel_call& here, inet_sockets& sockets, sk_buff& skb);

// __udp4_lib_mcast_demux_lookup(), inside the udp_v4_early_demux() that is `here`: the socket, if there is just one.
udp_sock* __udp4_lib_mcast_demux_lookup(receive_context& context, kernel_call& here, inet_sockets& sockets,
                                        const sk_buff& skb);

}  // namespace rxpath
