#include "models/napi/softnet_data.h"

#include <iterator>
#include <utility>

#include "models/base/kernel_functions/helpers.h"
#include "models/base/kernel_functions/napi.h"

namespace rxpath {

void softnet_data::schedule(std::size_t instance, picoseconds at, bool by_interrupt) {
    const auto comes_later = [&](const scheduled& other) {
        const bool same_time_later = other.by_interrupt && (!by_interrupt || other.instance > instance);
        return other.at > at || (other.at == at && same_time_later);
    };
    auto place = m_poll_list.end();
    while (place != m_poll_list.begin() && comes_later(*std::prev(place))) --place;
    m_poll_list.insert(place, {instance, at, by_interrupt});
}

std::optional<picoseconds> softnet_data::raised_since() const {
    return m_poll_list.empty() ? std::nullopt : std::optional{m_poll_list.front().at};
}

std::uint32_t softnet_data::splice(picoseconds until) {
    std::uint32_t interrupts = 0;
    for (; !m_poll_list.empty() && m_poll_list.front().at <= until; m_poll_list.pop_front()) {
        m_list.push_back(m_poll_list.front().instance);
        interrupts += m_poll_list.front().by_interrupt ? 1 : 0;
    }
    return interrupts;
}

void softnet_data::begin(receive_context& context) {
    m_call = context.trace.enter(fn::net_rx_action);
    context.trace.leaf(fn::__usecs_to_jiffies);
    m_budget = m_netdev_budget;
    m_polled_before = false;
}

std::optional<std::size_t> softnet_data::next(receive_context& context) {
    if (m_list.empty()) return std::nullopt;
    context.trace.works_for_all();
    if (std::exchange(m_polled_before, true)) context.trace.took(m_call, path::net_rx_action::another_poll);
    context.trace.leaf(fn::__list_del_entry_valid_or_report);
    const auto instance = m_list.front();
    m_list.pop_front();
    return instance;
}

bool softnet_data::polled(std::size_t instance, std::uint32_t packets, bool weight_used_up) {
    if (weight_used_up) m_repoll.push_back(instance);
    m_budget -= packets;
    return m_budget <= 0;
}

bool softnet_data::goes_on(picoseconds now) const {
    const auto since = raised_since();
    return m_list.empty() && m_repoll.empty() && since && *since < now;
}

// What it has not come to, then what was scheduled meanwhile, then what used its weight up.
void softnet_data::end(receive_context& context, picoseconds now) {
    for (; !m_list.empty(); m_list.pop_back()) m_poll_list.push_front({m_list.back(), {}, false});
    for (; !m_repoll.empty(); m_repoll.pop_front()) schedule(m_repoll.front(), now, false);
    context.trace.leave();
}

}  // namespace rxpath
