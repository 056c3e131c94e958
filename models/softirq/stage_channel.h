// The channel into a stage: holds the token until the stage takes it.
//
// exact: the hand-over is an event, after the cycles that the sender worked. fast: the core's own time advances by
// these cycles, and the core calls the stage in turn, without an event.
#pragma once

#include <functional>
#include <systemc>
#include <utility>

#include "models/softirq/core.h"
#include "models/softirq/receive_token.h"

namespace rxpath {

class hand_over_if : public virtual sc_core::sc_interface {
public:
    virtual void hand_over(receive_token& token, cycles worked) = 0;
};

class take_over_if : public virtual sc_core::sc_interface {
public:
    virtual receive_token& take() = 0;
    // Fast timing: what the core calls when a token has arrived.
    virtual void when_handed_over(std::function<void()> serve) = 0;
};

// Calls stages one after the other in fast timing, so that a long list does not nest them.
class fast_dispatcher {
public:
    void next(const std::function<void()>& serve) { m_next = &serve; }
    void run() {
        while (m_next != nullptr) (*std::exchange(m_next, nullptr))();
    }

private:
    const std::function<void()>* m_next = nullptr;
};

class stage_channel : public sc_core::sc_prim_channel, public hand_over_if, public take_over_if {
public:
    stage_channel(const char* name, core& cpu, fast_dispatcher& dispatcher, timing_mode timing)
        : sc_prim_channel(name), m_core(cpu), m_dispatcher(dispatcher), m_timing(timing) {}

    void hand_over(receive_token& token, cycles worked) override {
        if (m_token != nullptr)
            SC_REPORT_ERROR("/rxpath/stage_channel", "a token that nobody has taken is overwritten");
        m_token = &token;
        if (m_timing == timing_mode::exact) {
            m_arrived.notify(m_core.to_time(worked));
        } else {
            m_core.advance(worked);
            m_dispatcher.next(m_serve);
        }
    }
    receive_token& take() override {
        if (m_token == nullptr) SC_REPORT_ERROR("/rxpath/stage_channel", "there is no token to take");
        return *std::exchange(m_token, nullptr);
    }
    void when_handed_over(std::function<void()> serve) override { m_serve = std::move(serve); }
    const sc_core::sc_event& default_event() const override { return m_arrived; }

private:
    core& m_core;
    fast_dispatcher& m_dispatcher;
    timing_mode m_timing;
    receive_token* m_token = nullptr;
    std::function<void()> m_serve;
    sc_core::sc_event m_arrived;
};

}  // namespace rxpath
