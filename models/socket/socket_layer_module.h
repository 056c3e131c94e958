// The socket layer stage: the transport protocol's receive function. Semantics: tcp_v4_rcv(), udp_rcv().
#pragma once

#include "models/ip/network_namespace.h"
#include "models/softirq/stage_module.h"

namespace rxpath {

class socket_layer_module : public stage_module {
public:
    out_port to_ip_deliver{"to_ip_deliver"};

    socket_layer_module(const sc_core::sc_module_name& name, softirq_run& run, network_namespace& net)
        : stage_module(name, stage::socket_layer, run), m_net(net) {}

private:
    void process(receive_token& token) override;
    void receive(sk_buff& skb);
    void take_back();

    network_namespace& m_net;
};

}  // namespace rxpath
