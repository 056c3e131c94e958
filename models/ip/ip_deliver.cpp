#include "models/ip/ip_deliver.h"

#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/napi.h"
#include "models/ip/ip_forward.h"
#include "models/ip/ip_local_deliver.h"
#include "models/routing/rtable.h"
#include "models/routing/works_on.h"

namespace rxpath {

ip_deliver::next ip_deliver::begin(receive_context& context, const std::vector<sk_buff*>& packets, bool is_list) {
    m_packets = &packets;
    m_index = 0;
    m_is_list = is_list;
    if (is_list) {
        context.trace.works_for_all();
        m_list_call = context.trace.enter(fn::ip_sublist_rcv_finish);
        if (packets.empty()) context.trace.took(m_list_call, path::ip_sublist_rcv_finish::none);
    }
    return advance(context);
}

// dst_input(): true when the socket layer is next.
bool ip_deliver::input(receive_context& context, sk_buff& skb) {
    const auto function = skb_dst(skb)->input;
    if (function == dst_input::ip_local_deliver) return begin_ip_local_deliver(context, m_net, skb);
    if (m_is_list) context.trace.took(m_list_call, path::ip_sublist_rcv_finish::indirect_input);
    if (function == dst_input::ip_forward)
        ip_forward(context, m_net, skb);
    else
        ip_error(context, m_net, skb);
    return false;
}

ip_deliver::next ip_deliver::advance(receive_context& context) {
    for (; m_index < m_packets->size(); ++m_index) {
        works_on_packet(context.trace, packet());
        if (m_is_list) {
            context.trace.took(m_list_call, path::ip_sublist_rcv_finish::packet);
            context.trace.leaf(fn::__list_del_entry_valid_or_report);
        }
        if (input(context, packet())) return next::socket_layer;
    }
    if (m_is_list) context.trace.leave();
    return next::done;
}

ip_deliver::next ip_deliver::received(receive_context& context) {
    end_ip_local_deliver(context);
    ++m_index;
    return advance(context);
}

}  // namespace rxpath
