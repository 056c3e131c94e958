// packets.csv: a row a received packet, in order of arrival. Times in ns; a field without a value is empty. What it
// cost is its own and its share of what was done for several, interrupt, wake-up and read included: all rows sum up to
// what the run took. `measured`: no, for what came before the warm-up was over.
#pragma once

#include "models/base/measurements.h"
#include "sim/support/output_file.h"

namespace rxpath {

void write_packet_csv(const measurements& measured, output_file& file);

}  // namespace rxpath
