// What a core has to poll, and the softirq that polls it: softnet_data::poll_list and net_rx_action() (net/core/dev.c).
// net_rx_action() polls what is scheduled in turn, each instance once, and those that are scheduled meanwhile. It ends
// when nothing is left, when what is left has used its weight (the softirq is raised again), or when the budget is used
// up: a time squeeze. Left out: its time limit, net.core.netdev_budget_usecs; ksoftirqd.
//
// Instances are numbers, the driver's. An instance that is scheduled in the very picosecond in which net_rx_action()
// looks for more waits for the next one; of interrupts in one picosecond the lower number comes first.
#pragma once

#include <optional>

#include "models/base/growing_queue.h"
#include "models/base/receive_context.h"

namespace rxpath {

class softnet_data {
public:
    // `netdev_budget`: net.core.netdev_budget, packets a net_rx_action().
    explicit softnet_data(std::uint32_t netdev_budget) : m_netdev_budget(netdev_budget) {}

    // ____napi_schedule() at `at`: by a hard interrupt, or by the softirq itself.
    void schedule(std::size_t instance, picoseconds at, bool by_interrupt);
    // Since when something is scheduled; nothing: the softirq is not raised.
    std::optional<picoseconds> raised_since() const;
    // Hands what is scheduled until then, `until` included, to net_rx_action(). Answers the hard interrupts that it
    // came by.
    std::uint32_t splice(picoseconds until);

    // The instance that is polled first.
    std::size_t first() const { return m_list.front(); }
    // Opens net_rx_action().
    void begin(receive_context& context);
    // The instance to poll next: its poll begins; nothing when all that net_rx_action() was handed is polled.
    std::optional<std::size_t> next(receive_context& context);
    // The poll has taken so many packets; when it used its weight it must be polled again. True: the budget is used up.
    bool polled(std::size_t instance, std::uint32_t packets, bool weight_used_up);
    // All is polled and complete, but more was scheduled before `now`: splice() it, and go on.
    bool goes_on(picoseconds now) const;
    // Closes net_rx_action(); what is left is scheduled again.
    void end(receive_context& context, picoseconds now);

private:
    struct scheduled {
        std::size_t instance;
        picoseconds at;
        bool by_interrupt;
    };

    std::uint32_t m_netdev_budget;
    growing_queue<scheduled> m_poll_list;  // in order of time
    growing_queue<std::size_t> m_list, m_repoll;
    std::int64_t m_budget = 0;
    std::uint32_t m_call = 0;
    bool m_polled_before = false;
};

}  // namespace rxpath
