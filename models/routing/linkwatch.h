// Carriers that come and go (net/core/link_watch.c): the rest of the host hears of it from a work queue, at most once a
// second, but at once when a device whose queueing discipline stands still can send again.
//
// Times are jiffies. Left out: bonds and other devices above devices, whose changes are always urgent.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/base/net_device.h"

namespace rxpath {

class linkwatch {
public:
    // The device's carrier has just changed (linkwatch_fire_event()).
    void fire_event(net_device& dev, std::uint64_t now);
    // The devices to be looked at now, in the order of their changes (__linkwatch_run_queue()); none when it is not
    // due.
    std::vector<net_device*> run_queue(std::uint64_t now);
    bool pending() const { return m_due.has_value(); }

private:
    void schedule_work(bool urgent, std::uint64_t now);

    std::vector<net_device*> m_events;
    std::uint64_t m_nextevent = 0;       // not before then, unless it is urgent
    std::optional<std::uint64_t> m_due;  // when the work is to run
    bool m_urgent = false;
};

}  // namespace rxpath
