// Delivery: dst_input() of each packet of a sublist (ip_sublist_rcv_finish(), net/ipv4/ip_input.c), up to the transport
// protocol. Like ip_receive it is cut where another stage works: advance() runs to the next packet for the socket
// layer.
#pragma once

#include <vector>

#include "models/ip/network_namespace.h"

namespace rxpath {

class ip_deliver {
public:
    enum class next : std::uint8_t { socket_layer, done };

    explicit ip_deliver(network_namespace& net) : m_net(net) {}

    next begin(receive_context& context, const std::vector<sk_buff*>& packets, bool is_list);
    // The socket layer is done with packet().
    next received(receive_context& context);

    sk_buff& packet() const { return *(*m_packets)[m_index]; }

private:
    next advance(receive_context& context);
    bool input(receive_context& context, sk_buff& skb);

    network_namespace& m_net;
    const std::vector<sk_buff*>* m_packets = nullptr;
    std::size_t m_index = 0;
    std::uint32_t m_list_call = 0;
    bool m_is_list = false;
};

}  // namespace rxpath
