#include "models/napi/napi_poll.h"

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/napi.h"
#include "models/napi/gro.h"
#include "models/napi/netif_receive.h"
#include "models/routing/works_on.h"

namespace rxpath {

void napi_poll::begin(receive_context& context, const net_device& dev, bool again) {
    context.trace.works_for_all();
    works_on_device(context.trace, dev);
    m_received = 0;
    m_part = part::receiving;
    m_again = again;
    m_napi_call = context.trace.enter(fn::__napi_poll);
    m_poll_call = context.trace.enter(fn::tun_napi_poll);
    context.trace.leaf(fn::_raw_spin_lock);
    context.trace.leaf(fn::_raw_spin_unlock);
}

bool napi_poll::receive(receive_context& context, sk_buff& skb) {
    works_on_packet(context.trace, skb);
    context.trace.took(m_poll_call, path::tun_napi_poll::packet);
    ++m_received;
    const auto here = context.trace.enter(fn::napi_gro_receive);
    const bool held = dev_gro_receive(context, skb) == gro_result::held;
    if (held) {
        m_gro_list.push_back(&skb);
    } else {
        context.trace.took(here, path::napi_gro_receive::passed_up);
        context.trace.leaf(fn::__list_add_valid_or_report);
        m_rx_list.push_back(&skb);
        if (m_rx_list.size() >= m_normal_batch) {
            context.trace.took(here, path::napi_gro_receive::list_full);
            begin_netif_receive_list(context, m_rx_list);
            return true;
        }
    }
    context.trace.leave();
    return false;
}

void napi_poll::napi_gro_flush(receive_context& context) {
    kernel_call flush{context.trace, fn::napi_gro_flush};
    for (auto* skb : m_gro_list) {
        works_on_packet(context.trace, *skb);
        context.trace.leaf(fn::__list_del_entry_valid_or_report);
        kernel_call complete_one{context.trace, fn::napi_gro_complete};
        context.trace.leaf(fn::__list_add_valid_or_report);
        m_rx_list.push_back(skb);
    }
    m_gro_list.clear();
}

bool napi_poll::complete(receive_context& context) {
    context.trace.works_for_all();
    m_part = part::completing;
    const auto here = context.trace.enter(fn::napi_complete_done);
    if (m_received > 1 || m_again) context.trace.took(here, path::napi_complete_done::missed);
    if (!m_gro_list.empty()) {
        context.trace.took(here, path::napi_complete_done::flushes_gro);
        napi_gro_flush(context);
        context.trace.works_for_all();
    }
    if (m_rx_list.empty()) {
        leave_complete_done(context);
        return false;
    }
    context.trace.took(here, path::napi_complete_done::passes_list_up);
    begin_netif_receive_list(context, m_rx_list);
    return true;
}

// TAP schedules NAPI for each packet. Those after the first found it scheduled (NAPIF_STATE_MISSED), so it goes on.
void napi_poll::leave_complete_done(receive_context& context) {
    if (m_received > 1 || m_again) context.trace.leaf(fn::__napi_schedule);
    context.trace.leave();
}

// TAP's driver takes all that waits, and puts back what was too much.
bool napi_poll::end_at_weight(receive_context& context, bool more) {
    auto& trace = context.trace;
    trace.works_for_all();
    m_part = part::at_weight;
    trace.took(m_poll_call, path::tun_napi_poll::weight_used_up);
    if (more) {
        trace.took(m_poll_call, path::tun_napi_poll::puts_back);
        trace.leaf(fn::_raw_spin_lock);
        trace.leaf(fn::_raw_spin_unlock);
    }
    trace.leave();
    trace.took(m_napi_call, path::__napi_poll::weight_used_up);
    if (!m_gro_list.empty()) {
        trace.took(m_napi_call, path::__napi_poll::flushes_gro);
        napi_gro_flush(context);
        trace.works_for_all();
    }
    if (m_rx_list.empty()) return false;
    trace.took(m_napi_call, path::__napi_poll::passes_list_up);
    begin_netif_receive_list(context, m_rx_list);
    return true;
}

void napi_poll::list_done(receive_context& context) {
    end_netif_receive_list(context);
    if (m_part == part::receiving) context.trace.leave();  // napi_gro_receive()
    if (m_part == part::completing) leave_complete_done(context);
    m_rx_list.clear();
}

void napi_poll::end_poll(receive_context& context) {
    if (m_part != part::at_weight) context.trace.leave();  // the driver's poll
    context.trace.leave();
}

}  // namespace rxpath
