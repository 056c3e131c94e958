#include "sim/write_path.h"

namespace rxpath {

double write_path_cycles(const host_spec& host, std::uint32_t payload_bytes) {
    return write_path_instructions * host.cpu.cycles_per_instruction +
           payload_bytes / host.application.copy_bytes_per_cycle;
}

}  // namespace rxpath
