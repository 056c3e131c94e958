// Which socket a unicast datagram is for (net/ipv4/udp.c). Left out: SO_REUSEPORT groups, BPF lookups.
#pragma once

#include "models/base/receive_context.h"
#include "models/socket/udp_table.h"

namespace rxpath {

class inet_sockets;

// The socket with the best score for the datagram; null when there is none. `dif` and `sdif`: the device it arrived on,
// and that device in an L3 domain.
udp_sock* __udp4_lib_lookup(receive_context& context, inet_sockets& sockets, ipv4_address saddr, port_number sport,
                            ipv4_address daddr, port_number dport, int dif, int sdif);

// For early demux: the first socket of the bucket, and whether it is the datagram's connected one. `compared` says how
// far the comparison went.
struct udp_demux_result {
    udp_sock* sk = nullptr;  // the connected socket, if it is that
    enum class compared : std::uint8_t { nothing, net, ports, addresses, device } reached = compared::nothing;
    bool bound_to_device = false;
};
udp_demux_result __udp4_lib_demux_lookup(inet_sockets& sockets, port_number loc_port, ipv4_address loc_addr,
                                         port_number rmt_port, ipv4_address rmt_addr, int dif, int sdif);

}  // namespace rxpath
