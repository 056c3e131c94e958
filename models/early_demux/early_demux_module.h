// The early demux stage: socket and cached dst before routing. Semantics: ip_early_demux().
#pragma once

#include "models/early_demux/ip_early_demux.h"
#include "models/softirq/stage_module.h"

namespace rxpath {

class early_demux_module : public stage_module {
public:
    out_port to_routing{"to_routing"};

    early_demux_module(const sc_core::sc_module_name& name, softirq_run& run, network_namespace& net)
        : stage_module(name, stage::early_demux, run), m_net(net) {}

private:
    void process(receive_token& token) override {
        m_run.count_packets(m_stage, 1);
        token.route_error = ip_early_demux(context(), m_net, *token.packet);
        forward(token, to_routing, token.packet);
    }

    network_namespace& m_net;
};

}  // namespace rxpath
