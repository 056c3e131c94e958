// The whole machine on one page: modules and channels bound in packet order. One host a process (SystemC's rule).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/base/host_spec.h"
#include "models/base/measurements.h"

namespace rxpath {

class run_observer;

class host {
public:
    // Builds the machine and applies spec.setup. Throws std::invalid_argument on a command that fails.
    explicit host(const host_spec& spec);
    ~host();
    host(const host&) = delete;
    host& operator=(const host&) = delete;

    // Tells the observer, which outlives the run, what the cores do.
    void observe(run_observer& observer);
    // Runs to the end of the traffic or to spec.packets. `progress` is called now and then with the packets received.
    void run(const std::function<void(std::uint64_t)>& progress = {});
    const measurements& measured() const;
    // What is left after the run that nobody owns, a line each: sockets, references to dsts, sk_buffs
    // (models/machine/reference_audit.h). Never anything, unless the model is at fault.
    std::vector<std::string> unowned();

private:
    class simulation;
    std::unique_ptr<simulation> m_simulation;
};

}  // namespace rxpath
