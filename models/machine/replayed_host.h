// The recorded host behind a capture: which ports it listens on, which connections it had before, what its applications
// sent and when they closed. The model's sockets then do the same, so that the recorded clients' segments fit.
#pragma once

#include <cstdint>
#include <map>

#include "models/machine/host_module.h"

namespace rxpath {

class replayed_host {
public:
    // Prepares the sockets: listeners of the ports that answered a SYN, connections that began before the capture.
    replayed_host(const replay_spec& spec, host_module& host);

    // The recorded host sent this frame: data and FIN are its application's doing.
    void sent(const packet& frame);

private:
    struct connection {
        bool begun = false;        // a SYN was seen, or it was there before
        tcp_sequence next_sent{};  // beyond what the recorded host sent
    };
    // Ports and the peer's address of a connection; the host's address is spec.local.
    using connection_key = std::tuple<port_number, ipv4_address, port_number>;

    void note(const capture_frame& frame);
    void note_sent(const connection_key& key, const ipv4_header_view& ip, const tcp_header_view& tcp);
    void establish(const connection_key& key, const ipv4_header_view& ip, const tcp_header_view& tcp, bool sent);

    const replay_spec& m_spec;
    host_module& m_host;
    std::map<connection_key, connection> m_connections;
};

}  // namespace rxpath
