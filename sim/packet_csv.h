// packets.csv: a row a received packet, in order of arrival. Times in ns; a field without a value is empty.
// `measured`: no, for what came before the warm-up was over.
#pragma once

#include "models/measurements.h"
#include "sim/output_file.h"

namespace rxpath {

void write_packet_csv(const measurements& measured, output_file& file);

}  // namespace rxpath
