#include "models/ip/ip_deliver_module.h"

namespace rxpath {

void ip_deliver_module::process(receive_token& token) {
    if (!m_delivering) m_run.count_packets(m_stage, token.list->size());
    const auto next =
        m_delivering ? m_deliver.received(context()) : m_deliver.begin(context(), *token.list, token.is_list);
    m_delivering = next == ip_deliver::next::socket_layer;
    if (!m_delivering) return forward(token, to_ip_receive, nullptr);
    token.packet = &m_deliver.packet();
    forward(token, to_socket_layer, token.packet);
}

}  // namespace rxpath
