// One configuration measured once.
#pragma once

#include "sim/hardware/saving_file.h"

namespace rxpath {

// How long a measurement is.
struct measurement_plan {
    std::uint32_t pairs = 400;               // of a block without early demux and one with it
    std::uint32_t packets_per_block = 64;    // timed; the block's value is the mean of their middle half
    std::uint32_t packets_after_switch = 8;  // before these, not timed: branch predictors get used to the change
    ::uint32_t rounds_before = 20;           // segments a connection before all: its 16 quick ACKs are over then
};

// In a network namespace of its own. Throws std::runtime_error when the host does not allow it.
saving_row measure_saving(const measured_configuration& configuration, std::uint32_t run, const measurement_plan& plan);

}  // namespace rxpath
