// A host with many TCP connections, each as a client made it: handshake, accept(), a request that was read.
#pragma once

#include <cstdint>
#include <vector>

#include "models/socket/inet_sockets.h"

namespace rxpath {

class web_server {
public:
    explicit web_server(std::size_t connections);

    // Looks for the connection from this peer and gives the reference back.
    void look_up(endpoint peer);
    // Other sockets that the last lookup met first in its chain.
    std::size_t entries_passed() const;

    // The peer of connection number `number`.
    static endpoint client(std::size_t number);

private:
    void connect(endpoint peer);
    // A segment from the peer; answers the sequence number of what was sent back.
    tcp_sequence receive(endpoint peer, std::uint8_t flags, tcp_sequence seq, tcp_sequence ack, std::size_t payload);

    char m_identity = 0;  // a namespace is only an identity to its sockets
    sysctl_ipv4 m_sysctls;
    inet_sockets m_sockets;
    tcp_sock& m_listener;
    call_trace m_trace;
    random_source m_random;
    receive_context m_context{m_trace, m_random, milliseconds(1000)};
};

}  // namespace rxpath
