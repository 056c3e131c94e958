// The delivery stage: local delivery up to the transport protocol, forwarding, or an error. Semantics: ip_deliver.
#pragma once

#include "models/ip/ip_deliver.h"
#include "models/softirq/stage_module.h"

namespace rxpath {

class ip_deliver_module : public stage_module {
public:
    out_port to_socket_layer{"to_socket_layer"}, to_ip_receive{"to_ip_receive"};

    ip_deliver_module(const sc_core::sc_module_name& name, softirq_run& run, network_namespace& net)
        : stage_module(name, stage::ip_deliver, run), m_deliver(net) {}

private:
    void process(receive_token& token) override;

    ip_deliver m_deliver;
    bool m_delivering = false;  // a packet is in the socket layer
};

}  // namespace rxpath
