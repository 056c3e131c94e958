// The kernel's timer wheel as far as it is needed: at a jiffy where something is due, the timers of sockets and of
// fragment queues run as a task, and routes given up are freed. It sleeps while nothing can become due, as a tickless
// kernel does: idle time costs the simulation nothing.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <systemc>

#include "models/ip/ip_expire.h"
#include "models/ip/network_namespace.h"
#include "models/softirq/kernel_task.h"

namespace rxpath {

// Those that are due now, as a task of their own.
inline void run_timers(kernel_task& kernel, network_namespace& net) {
    auto& context = kernel.begin();
    net.sockets.run_timers(context, kernel.cpu().now());
    ip_expire(context, net);
    net.routing.run_timers(kernel.cpu().now());
    kernel.end();
}

class timer_module : public sc_core::sc_module {
public:
    // Ticks for as long as `goes_on` says.
    timer_module(const sc_core::sc_module_name& name, kernel_task& kernel, network_namespace& net,
                 std::function<bool()> goes_on)
        : sc_module(name), m_kernel(kernel), m_net(net), m_goes_on(std::move(goes_on)) {
        SC_HAS_PROCESS(timer_module);
        SC_METHOD(tick);
    }

private:
    static constexpr picoseconds jiffy{picoseconds_per_second / hz};

    void tick() {
        const auto now = simulated_now();
        if (anything_due(now)) submit_timers();
        if (!m_goes_on()) return;
        if (const auto next = next_tick(now)) next_trigger(to_sc_time(*next - now));
    }

    // Work that is under way may leave something to do.
    bool anything_due(picoseconds now) const {
        const auto timer = next_timer();
        return !m_kernel.cpu().idle() || m_net.routing.slab().waiting() > 0 || m_net.routing.timers_pending() ||
               (timer && *timer <= now);
    }

    void submit_timers() {
        m_kernel.cpu().submit(task_source::timer, {}, [this] {
            run_timers(m_kernel, m_net);
            m_net.routing.rcu_quiescent_state();
        });
    }

    std::optional<picoseconds> next_timer() const {
        const auto socket = m_net.sockets.next_timer(), fragment = m_net.fragments.next_timer();
        return socket && fragment ? std::min(*socket, *fragment) : socket ? socket : fragment;
    }

    // The first jiffy after a timer is due or anything else happens; nothing when neither will ever be.
    std::optional<picoseconds> next_tick(picoseconds now) const {
        auto wake = m_net.routing.timers_pending() ? std::optional{now} : next_timer();
        if (sc_core::sc_pending_activity()) {
            const auto idle = sc_core::sc_time_to_pending_activity(sc_core::sc_get_curr_simcontext());
            const picoseconds at{now.value + idle.value()};
            wake = wake ? std::min(*wake, at) : at;
        }
        if (!wake) return {};
        const auto jiffies_passed = (wake->value + jiffy.value - 1) / jiffy.value;
        return std::max(jiffy * jiffies_passed, jiffy * (now.value / jiffy.value + 1));
    }

    kernel_task& m_kernel;
    network_namespace& m_net;
    std::function<bool()> m_goes_on;
};

}  // namespace rxpath
