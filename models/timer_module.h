// The kernel's timer wheel as far as it is needed: once a jiffy, the timers of sockets and of fragment queues that are
// due run as a task.
#pragma once

#include <functional>
#include <systemc>

#include "models/ip/ip_expire.h"
#include "models/network_namespace.h"
#include "models/softirq_run.h"

namespace rxpath {

class timer_module : public sc_core::sc_module {
public:
    // Ticks for as long as `goes_on` says.
    timer_module(const sc_core::sc_module_name& name, softirq_run& run, network_namespace& net,
                 std::function<bool()> goes_on)
        : sc_module(name), m_run(run), m_net(net), m_goes_on(std::move(goes_on)) {
        SC_HAS_PROCESS(timer_module);
        SC_METHOD(tick);
    }

private:
    void tick() {
        m_run.cpu().submit({}, [this] {
            auto& context = m_run.begin_task();
            m_net.sockets.run_timers(context, m_run.cpu().now());
            ip_expire(context, m_net);
            m_net.routing.run_timers(m_run.cpu().now());
            m_run.end_task();
            m_net.routing.rcu_quiescent_state();
        });
        if (m_goes_on()) next_trigger(1.0 / hz, sc_core::SC_SEC);
    }

    softirq_run& m_run;
    network_namespace& m_net;
    std::function<bool()> m_goes_on;
};

}  // namespace rxpath
