#include "models/ip/ip_receive_module.h"

namespace rxpath {

ip_receive::next ip_receive_module::advance(receive_token& token) {
    if (m_awaited == awaited::route) return m_receive.routed(context(), token.route_error);
    if (m_awaited == awaited::delivery) return m_receive.delivered(context());
    m_run.count_packets(m_stage, token.list->size());
    if (token.is_list) return m_receive.begin_list(context(), *token.list);
    return m_receive.begin_single(context(), *token.list->front());
}

void ip_receive_module::process(receive_token& token) {
    const auto next = advance(token);
    switch (next) {
        case ip_receive::next::early_demux:
            m_awaited = awaited::route;
            token.packet = &m_receive.packet();
            return forward(token, to_early_demux, nullptr);
        case ip_receive::next::deliver:
            m_awaited = awaited::delivery;
            token.list = &m_receive.delivery();
            return forward(token, to_ip_deliver, nullptr);
        case ip_receive::next::done:
            m_awaited = awaited::packets;
            return forward(token, to_napi, nullptr);
    }
}

}  // namespace rxpath
