// What every stage's module is: a channel in, the softirq it works for, a timed process that serves one token at a
// time. A stage decides with its semantics, charges what they recorded, and hands the token on after that many cycles.
#pragma once

#include <systemc>

#include "models/softirq/softirq_run.h"
#include "models/softirq/stage_channel.h"

namespace rxpath {

class stage_module : public sc_core::sc_module {
public:
    using out_port = sc_core::sc_port<hand_over_if>;

    sc_core::sc_port<take_over_if> in{"in"};

    stage_module(const sc_core::sc_module_name& name, stage which, softirq_run& run)
        : sc_module(name), m_run(run), m_stage(which) {
        SC_HAS_PROCESS(stage_module);
        SC_METHOD(serve);
        sensitive << in;
        dont_initialize();
    }

protected:
    // The stage's work on a token; ends with one forward().
    virtual void process(receive_token& token) = 0;

    // Charges the work and hands the token on.
    void forward(receive_token& token, out_port& to, const sk_buff* packet) {
        to->hand_over(token, m_run.charge(m_stage, packet));
    }

    void end_of_elaboration() override {
        in->when_handed_over([this] { serve(); });
    }

    receive_context& context() { return m_run.context(); }

    softirq_run& m_run;
    const stage m_stage;

private:
    void serve() { process(in->take()); }
};

}  // namespace rxpath
