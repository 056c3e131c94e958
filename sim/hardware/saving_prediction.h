// What the model says of a measured configuration: core cycles of a packet's write() without early demux and with it.
#pragma once

#include <vector>

#include "models/base/host_spec.h"
#include "sim/hardware/measured_configuration.h"
#include "sim/parameter/parameters.h"

namespace rxpath {

struct saving_prediction {
    double off_cycles = 0, on_cycles = 0;  // of a packet, in the steady state

    double saved_cycles() const { return off_cycles - on_cycles; }
    double saved_share() const { return saved_cycles() / on_cycles; }
};

// The host that tools/measure sets up: a TAP device has no interrupt, GRO verifies the checksum, a packet comes when
// the one before has been read. Throws input_error when `settings` do not fit.
host_spec measured_host(const measured_configuration& configuration, bool early_demux,
                        const std::vector<setting>& settings);

// One of each configuration, in their order; simulated in processes of their own. Throws input_error when `settings` do
// not fit, std::runtime_error when a host cannot keep up.
std::vector<saving_prediction> predict_savings(const std::vector<measured_configuration>& configurations,
                                               const std::vector<setting>& settings);

}  // namespace rxpath
