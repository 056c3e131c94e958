// The IP receive stage: header checks, the route hint, and what follows routing. Semantics: ip_receive.
#pragma once

#include "models/ip/ip_receive.h"
#include "models/softirq/stage_module.h"

namespace rxpath {

class ip_receive_module : public stage_module {
public:
    out_port to_early_demux{"to_early_demux"}, to_ip_deliver{"to_ip_deliver"}, to_napi{"to_napi"};

    ip_receive_module(const sc_core::sc_module_name& name, softirq_run& run, network_namespace& net)
        : stage_module(name, stage::ip_receive, run), m_receive(net) {}

private:
    enum class awaited : std::uint8_t { packets, route, delivery };

    void process(receive_token& token) override;
    ip_receive::next advance(receive_token& token);

    ip_receive m_receive;
    awaited m_awaited = awaited::packets;
};

}  // namespace rxpath
