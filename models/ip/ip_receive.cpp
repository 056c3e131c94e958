#include "models/ip/ip_receive.h"

#include "models/base/kernel_functions/ip.h"
#include "models/base/kernel_functions/napi.h"
#include "models/ip/ip_rcv_core.h"
#include "models/ip/ip_rcv_finish_core.h"
#include "models/routing/ip_route_input.h"
#include "models/routing/works_on.h"

namespace rxpath {

ip_receive::next ip_receive::begin_single(receive_context& context, sk_buff& skb) {
    m_is_list = false;
    m_list_call = context.trace.enter(fn::ip_rcv);
    if (!ip_rcv_core(context, skb)) {
        context.trace.took(m_list_call, path::ip_rcv::refused);
        context.trace.leave();
        return next::done;
    }
    m_packet = &skb;
    m_hint = nullptr;
    begin_ip_rcv_finish_core(context, skb);
    return next::early_demux;
}

ip_receive::next ip_receive::begin_list(receive_context& context, const std::vector<sk_buff*>& list) {
    using namespace path::ip_list_rcv;
    m_is_list = true;
    m_kept.clear();
    const auto here = context.trace.enter(fn::ip_list_rcv);
    for (auto* skb : list) {
        works_on_packet(context.trace, *skb);
        context.trace.took(here, path::ip_list_rcv::packet);
        context.trace.leaf(fn::__list_del_entry_valid_or_report);
        if (!ip_rcv_core(context, *skb)) continue;
        context.trace.took(here, kept);
        if (m_kept.empty()) context.trace.took(here, sublist_begun);
        context.trace.leaf(fn::__list_add_valid_or_report);
        m_kept.push_back(skb);
    }
    context.trace.works_for_all();
    if (m_kept.empty()) {
        context.trace.leave();
        return next::done;
    }
    context.trace.took(here, sublist_dispatched);
    m_list_call = context.trace.enter(fn::ip_sublist_rcv);
    m_next = 0;
    m_hint = nullptr;
    m_current_dst = nullptr;
    m_last = false;
    m_sublist.clear();
    return start_packet(context);
}

// The next packet of the list up to early demux; after the last one, the rest is delivered.
ip_receive::next ip_receive::start_packet(receive_context& context) {
    if (m_next == m_kept.size()) {
        m_last = true;
        m_delivery.swap(m_sublist);
        m_sublist.clear();
        return next::deliver;
    }
    m_packet = m_kept[m_next++];
    works_on_packet(context.trace, *m_packet);
    context.trace.took(m_list_call, path::ip_sublist_rcv::packet);
    context.trace.leaf(fn::__list_del_entry_valid_or_report);
    return use_hint(context, begin_ip_rcv_finish_core(context, *m_packet));
}

ip_receive::next ip_receive::use_hint(receive_context& context, std::uint32_t call) {
    if (m_hint == nullptr) return next::early_demux;
    const auto header = m_packet->ip_hdr();
    if (!ip_can_use_hint(*m_packet, m_hint)) {
        context.trace.took(call, path::ip_rcv_finish_core::hint_compared);
        if (header.daddr() == m_hint->ip_hdr().daddr())
            context.trace.took(call, path::ip_rcv_finish_core::hint_tos_compared);
        return next::early_demux;
    }
    context.trace.took(call, path::ip_rcv_finish_core::hint_used);
    const int error = ip_route_use_hint(context, m_net.routing, *m_packet, header.daddr(), header.saddr(), header.tos(),
                                        *m_packet->dev, *m_hint);
    if (error == 0) return next::early_demux;
    context.trace.took(call, path::ip_rcv_finish_core::hint_refused);
    return routed(context, error);
}

ip_receive::next ip_receive::routed(receive_context& context, int route_error) {
    const bool passes = end_ip_rcv_finish_core(context, m_net, *m_packet, route_error);
    if (m_is_list) return passes ? keep(context) : start_packet(context);
    if (!passes) {
        context.trace.took(m_list_call, path::ip_rcv::dropped);
        context.trace.leave();
        return next::done;
    }
    m_last = true;
    m_delivery.assign(1, m_packet);
    return next::deliver;
}

// Joins the packet to the sublist of its dst; a sublist with another dst is delivered first.
ip_receive::next ip_receive::keep(receive_context& context) {
    using namespace path::ip_sublist_rcv;
    context.trace.took(m_list_call, kept);
    bool deliver_first = false;
    if (auto* dst = skb_dst(*m_packet); dst != m_current_dst) {
        context.trace.took(m_list_call, dst_changed);
        m_hint = extract_route_hint(context);
        m_current_dst = dst;
        deliver_first = !m_sublist.empty();
    }
    if (deliver_first) {
        context.trace.took(m_list_call, sublist_dispatched);
        m_delivery.swap(m_sublist);
        m_sublist.clear();
    } else {
        context.trace.leaf(fn::__list_add_valid_or_report);
    }
    m_sublist.push_back(m_packet);
    return deliver_first ? next::deliver : start_packet(context);
}

// ip_extract_route_hint(): the packet that later ones of the list may copy the dst of.
const sk_buff* ip_receive::extract_route_hint(receive_context& context) const {
    using namespace path::ip_sublist_rcv;
    if (!m_net.routing.features().hint) return nullptr;
    if (m_net.routing.has_custom_rules()) {
        context.trace.took(m_list_call, custom_rules);
        return nullptr;
    }
    const auto daddr = m_packet->ip_hdr().daddr();
    if (daddr.is_limited_broadcast() || daddr.is_unspecified()) {
        context.trace.took(m_list_call, unhintable_address);
        return nullptr;
    }
    const bool multipath = (m_packet->ip_cb.flags & ipskb_multipath) != 0;
    return multipath ? nullptr : m_packet;
}

ip_receive::next ip_receive::delivered(receive_context& context) {
    if (!m_is_list) {
        context.trace.leave();
        return next::done;
    }
    if (m_last) return end_list(context);
    context.trace.works_for(m_packet->number);
    context.trace.leaf(fn::__list_add_valid_or_report);  // the packet that began the next sublist
    return start_packet(context);
}

ip_receive::next ip_receive::end_list(receive_context& context) {
    context.trace.works_for_all();
    context.trace.leave();  // ip_sublist_rcv()
    context.trace.leave();  // ip_list_rcv()
    return next::done;
}

}  // namespace rxpath
