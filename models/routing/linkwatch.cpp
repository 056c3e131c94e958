#include "models/routing/linkwatch.h"

#include <algorithm>
#include <utility>

#include "models/base/receive_context.h"

namespace rxpath {

namespace {

// linkwatch_urgent_event()
bool is_urgent(const net_device& dev) { return dev.up && dev.carrier && !dev.qdisc_active; }

}  // namespace

void linkwatch::fire_event(net_device& dev, std::uint64_t now) {
    const bool urgent = is_urgent(dev), pending = std::find(m_events.begin(), m_events.end(), &dev) != m_events.end();
    if (pending && !urgent) return;
    if (!pending) m_events.push_back(&dev);
    schedule_work(urgent, now);
}

void linkwatch::schedule_work(bool urgent, std::uint64_t now) {
    if (m_urgent) return;
    m_urgent = urgent;
    const auto delay = urgent || m_nextevent <= now || m_nextevent - now > hz ? 0 : m_nextevent - now;
    if (urgent || !m_due) m_due = now + delay;
}

std::vector<net_device*> linkwatch::run_queue(std::uint64_t now) {
    if (!m_due || *m_due > now) return {};
    m_due.reset();
    m_urgent = false;
    const bool urgent_only = m_nextevent > now;
    m_nextevent = urgent_only ? std::min(m_nextevent, now + hz) : now + hz;
    std::vector<net_device*> found, later;
    for (auto* dev : std::exchange(m_events, {})) (urgent_only && !is_urgent(*dev) ? later : found).push_back(dev);
    m_events = std::move(later);
    if (!m_events.empty()) schedule_work(false, now);
    return found;
}

}  // namespace rxpath
