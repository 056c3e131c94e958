// One simulation in this process, with its progress on the terminal and the time it took.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/base/host_spec.h"
#include "models/machine/host.h"

namespace rxpath {

class simulation {
public:
    // Runs to the end, and tells the observers what happens. Throws input_error when the host cannot be configured so.
    explicit simulation(const host_spec& spec, const std::string& label = "simulating",
                        const std::vector<run_observer*>& observers = {});

    const measurements& measured() const { return m_host->measured(); }
    double wall_seconds() const { return m_wall_seconds; }

private:
    std::unique_ptr<host> m_host;
    double m_wall_seconds = 0;
};

}  // namespace rxpath
