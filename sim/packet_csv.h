// packets.csv: a row a received packet, in order of arrival. Times in ns; a field without a value is empty.
#pragma once

#include <vector>

#include "models/measurements.h"
#include "sim/output_file.h"

namespace rxpath {

void write_packet_csv(const std::vector<packet_record>& packets, output_file& file);

}  // namespace rxpath
